//! What a person does in the conversation, in the words that stand on the screen: fields by their labels, options and answers by
//! theirs. Which keys that takes is looked up here and nowhere else. A label or row may be shortened to its first words.

use iamwalk::app::Phase;
use iamwalk::app::event::{Event, Key};
use iamwalk::app::field::{Control, Field};
use iamwalk::app::form::Form;
use iamwalk::app::table::Pick;
use iamwalk::domain::secret::Secret;
use iamwalk::practice::Practice;

use super::app::Talk;

/// What stands on the screen.
impl Talk {
    /// The fields that have the keys: the open dialog's, else the page's.
    fn form(&self) -> Option<&Form> {
        match (&self.app.dialog, &self.app.phase) {
            (Some(dialog), _) => Some(&dialog.form),
            (None, _) => self.app.form(),
        }
    }

    /// The word of the open page in the rail.
    fn page(&self) -> &'static str {
        match &self.app.phase {
            Phase::Starting(_) => "Walkthrough",
            Phase::Asking(asking) => asking.page().title,
            Phase::Reviewing(_) => "Review",
            Phase::Creating(_) => "Create",
            _ => "",
        }
    }

    fn focused(&self) -> Option<&Field> {
        self.form().and_then(Form::focused)
    }

    /// The rows of the open menu, dialog or field, and the place of the marked one.
    fn rows(&self) -> (Vec<String>, usize) {
        let owned = |words: &[&str]| words.iter().copied().map(str::to_owned).collect();
        match (&self.app.dialog, &self.app.phase) {
            (Some(dialog), _) if dialog.form.fields.is_empty() => return (owned(&dialog.choices), dialog.at),
            (None, Phase::Reviewing(reviewing)) => {
                let blocks = reviewing.blocks(&self.app.context).into_iter().map(|block| block.title.to_owned());
                return (blocks.chain([reviewing.confirm_words()]).collect(), reviewing.at);
            }
            (None, Phase::Creating(creating)) => {
                return (creating.choices().iter().map(|choice| choice.words().to_owned()).collect(), creating.at);
            }
            (None, Phase::HandingOver(handing_over)) => {
                let items = handing_over.items(&self.app.context);
                return (items.into_iter().map(|item| item.words).collect(), handing_over.at());
            }
            _ => {}
        }
        match self.focused().map(|field| &field.control) {
            Some(Control::Choice { options, at, .. }) => (options.iter().map(|option| option.label.clone()).collect(), *at),
            Some(Control::Table(table)) => (table.visible().map(|row| row.name.clone()).collect(), table.at()),
            Some(Control::Drafts(drafts)) => {
                let made = drafts.items.iter().map(|draft| draft.words());
                (made.chain(["+ a new policy".to_owned()]).collect(), drafts.at)
            }
            _ => (Vec::new(), 0),
        }
    }

    /// The place of a row, and that of the marked one. The very words come before words that begin so.
    fn place(&self, words: &str) -> (usize, usize) {
        let (rows, at) = self.rows();
        let exact = rows.iter().position(|row| row == words);
        let place = exact.or_else(|| rows.iter().position(|row| row.starts_with(words)));
        (place.unwrap_or_else(|| self.lost(&format!("no row “{words}” among {rows:?}"))), at)
    }

    /// Whether the marked row of the focused field is chosen.
    fn is_chosen(&self) -> bool {
        match self.focused().map(|field| &field.control) {
            Some(Control::Choice { at, chosen, .. }) => *chosen == Some(*at),
            Some(Control::Table(table)) => table.highlighted().is_some_and(|row| table.is_chosen(&row.key)),
            _ => self.lost("there is nothing to choose from"),
        }
    }

    /// The test can't go on: why, and what a person would see.
    fn lost(&self, why: &str) -> ! {
        panic!("{why}:\n{}", self.screen(120, 50))
    }
}

/// What a person does.
impl Talk {
    /// Goes to a field with Tab, or back to it with Shift-Tab.
    pub fn go_to(&mut self, label: &str) {
        let is_it = |field: &Field| field.asked && field.label.starts_with(label);
        let found = self.form().and_then(|form| Some((form.fields.iter().position(is_it)?, form)));
        let Some((at, form)) = found else { self.lost(&format!("no field “{label}”")) };
        let (key, most) = (if at < form.focus { Key::BackTab } else { Key::Tab }, form.fields.len());
        for _ in 0..most {
            if self.focused().is_some_and(is_it) {
                return;
            }
            self.press(&[key]);
        }
        assert!(self.focused().is_some_and(is_it), "the keys don't lead to “{label}”:\n{}", self.screen(120, 50));
    }

    /// Types into what has the keys, behind what stands there.
    pub fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.press(&[Key::Char(c)]);
        }
    }

    /// Pastes into what has the keys.
    pub fn paste(&mut self, text: &str) {
        self.tell(Event::Paste(Secret::new(text.to_owned())));
    }

    /// Goes to a text and takes away what stands there.
    fn empty(&mut self, label: &str) {
        self.go_to(label);
        self.press(&[Key::Ctrl('u')]);
    }

    /// Types a text in place of what stands in a field.
    pub fn fill(&mut self, label: &str, text: &str) {
        self.empty(label);
        self.write(text);
    }

    /// Pastes a text in place of what stands in a field.
    pub fn fill_by_paste(&mut self, label: &str, text: &str) {
        self.empty(label);
        self.paste(text);
    }

    /// Types into a list's filter.
    pub fn filter(&mut self, list: &str, words: &str) {
        self.go_to(list);
        let is_list = matches!(self.focused().map(|field| &field.control), Some(Control::Table(_)));
        assert!(is_list, "“{list}” is no list:\n{}", self.screen(120, 50));
        self.write(words);
    }

    /// Ticks a field, where it is not ticked yet.
    pub fn tick(&mut self, label: &str) {
        self.turn(label, true);
    }

    /// Takes the tick off a field, where it has one.
    pub fn untick(&mut self, label: &str) {
        self.turn(label, false);
    }

    fn turn(&mut self, label: &str, on: bool) {
        self.go_to(label);
        let is_on = |talk: &Self| match talk.focused().map(|field| &field.control) {
            Some(Control::Toggle(on)) => *on,
            _ => talk.lost(&format!("“{label}” can't be ticked")),
        };
        if is_on(self) != on {
            self.press(&[Key::Char(' ')]);
        }
        assert_eq!(is_on(self), on, "“{label}”:\n{}", self.screen(120, 50));
    }

    /// Chooses one of several, in a choice or a list of which one row can be chosen.
    pub fn choose(&mut self, label: &str, option: &str) {
        self.go_to(label);
        // Where one is chosen already, the choice follows the highlight.
        let key = match self.focused().map(|field| &field.control) {
            Some(Control::Choice { chosen: Some(_), .. }) => None,
            Some(Control::Choice { .. }) => Some(Key::Enter),
            Some(Control::Table(table)) if table.picking.pick == Pick::One => None,
            _ => Some(Key::Char(' ')),
        };
        self.highlight(option);
        self.press(key.as_slice());
        assert!(self.is_chosen(), "“{option}” is not chosen:\n{}", self.screen(120, 50));
    }

    /// Ticks a row of a list, where it is not ticked yet.
    pub fn tick_row(&mut self, list: &str, row: &str) {
        self.turn_row(list, row, true);
    }

    /// Takes the tick off a row of a list, where it has one.
    pub fn untick_row(&mut self, list: &str, row: &str) {
        self.turn_row(list, row, false);
    }

    fn turn_row(&mut self, list: &str, row: &str, on: bool) {
        self.go_to(list);
        self.highlight(row);
        // Where the typing has not ended, a blank would go into the filter.
        if matches!(self.focused().map(|field| &field.control), Some(Control::Table(table)) if table.filtering) {
            self.press(&[Key::Enter]);
        }
        if self.is_chosen() != on {
            self.press(&[Key::Char(' ')]);
        }
        assert_eq!(self.is_chosen(), on, "“{row}”:\n{}", self.screen(120, 50));
    }

    /// Presses Space on so many rows of a list, from the marked one downwards.
    pub fn tick_rows(&mut self, list: &str, count: usize) {
        self.go_to(list);
        for at in 0..count {
            if at > 0 {
                self.press(&[Key::Down]);
            }
            self.press(&[Key::Char(' ')]);
        }
    }

    /// “Continue”: accepts the page, or goes to a dialog's next field and accepts it at the last.
    pub fn go_on(&mut self) {
        self.press(&[Key::Enter]);
    }

    /// Continues from page to page up to this one, each of which has to be accepted as it is.
    pub fn go_on_to(&mut self, page: &str) {
        while self.page() != page {
            let before = self.page();
            self.go_on();
            assert_ne!(self.page(), before, "it goes no further:\n{}", self.screen(120, 50));
        }
    }

    /// “Back”: to the page before, or out of what is open.
    pub fn back(&mut self) {
        self.press(&[Key::Esc]);
    }

    /// Has the facts of the page fetched again.
    pub fn fetch_again(&mut self) {
        self.press(&[Key::F(5)]);
    }

    /// Moves the mark to a row of what is open: a menu, a dialog's answers, a choice, a list.
    pub fn highlight(&mut self, words: &str) {
        let (place, at) = self.place(words);
        let key = if place < at { Key::Up } else { Key::Down };
        self.press(&vec![key; place.abs_diff(at)]);
        let (place, at) = self.place(words);
        assert_eq!(at, place, "the keys don't lead to “{words}”:\n{}", self.screen(120, 50));
    }

    /// Gives an answer, or takes an entry of a menu: moves to it, then Enter.
    pub fn answer(&mut self, words: &str) {
        self.highlight(words);
        self.press(&[Key::Enter]);
    }

    /// Presses Enter without looking: on what is marked already, which has to be this.
    pub fn enter_on(&mut self, words: &str) {
        let (place, at) = self.place(words);
        assert_eq!(at, place, "“{words}” is not what is marked:\n{}", self.screen(120, 50));
        self.press(&[Key::Enter]);
    }

    /// Has the calls made: Enter on Review, which opens on its last line.
    pub fn create(&mut self) {
        self.enter_on("Create user");
    }

    /// Presses the key that the hand-over's menu or the footer has for this.
    pub fn act(&mut self, words: &str) {
        let of_menu = match (&self.app.dialog, &self.app.phase) {
            (None, Phase::HandingOver(handing_over)) => {
                let items = handing_over.items(&self.app.context);
                items.into_iter().find(|item| item.words.starts_with(words)).map(|item| Key::Char(item.key))
            }
            _ => None,
        };
        let of_footer = || self.app.keys().iter().find(|row| row.words == words).map(|row| key_of(row.shown));
        let key = of_menu.or_else(of_footer).unwrap_or_else(|| self.lost(&format!("no key for “{words}”")));
        self.press(&[key]);
    }

    /// Has a stopped run undone, and agrees once it is shown what goes.
    pub fn undo(&mut self, practice: &Practice) {
        self.answer("Undo");
        self.settle(practice);
        self.answer("Undo all this");
    }

    /// Copies something of the hand-over.
    pub fn copy(&mut self, words: &str) {
        self.act("Copy");
        self.answer(words);
    }
}

/// The key of a row of the footer.
fn key_of(shown: &str) -> Key {
    let letter = |text: &str| text.chars().next().expect("a letter").to_ascii_lowercase();
    match shown {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Space" => Key::Char(' '),
        "Del" => Key::Delete,
        "Tab" => Key::Tab,
        "Shift-Tab" => Key::BackTab,
        _ => match (shown.strip_prefix("Ctrl-"), shown.strip_prefix('F').and_then(|number| number.parse().ok())) {
            (Some(end), _) => Key::Ctrl(letter(end)),
            (None, Some(number)) => Key::F(number),
            (None, None) => Key::Char(letter(shown)),
        },
    }
}

/// How far a person has come.
impl Talk {
    /// On the page *User*, everything looked up.
    pub fn at_user(practice: &Practice) -> Self {
        let mut talk = Self::practice();
        talk.settle(practice);
        talk.go_on();
        talk
    }

    /// On the page *Access*, for a user bob.
    pub fn at_access(practice: &Practice) -> Self {
        let mut talk = Self::at_user(practice);
        talk.fill("User name", "bob");
        talk.go_on();
        talk
    }

    /// On the page *Access*, where no key and a password of one's own is wanted, which is still to be typed.
    pub fn at_own_password(practice: &Practice) -> Self {
        let mut talk = Self::at_access(practice);
        talk.untick("Access key");
        talk.tick("Provide user access");
        talk.choose("Console password", "Custom password");
        talk.go_to("Custom password");
        talk
    }

    /// Wants a key for the CLI, on *Access*.
    pub fn want_cli_key(&mut self) {
        self.choose("Use case", "Command Line Interface");
        self.tick("I understand");
    }

    /// From the first page to *Permissions*: user `name`, a key for the CLI.
    pub fn go_on_to_permissions(&mut self, name: &str) {
        self.go_on();
        self.fill("User name", name);
        self.go_on();
        self.want_cli_key();
        self.go_on();
    }

    /// On the page *Permissions*, for a user bob with a key for the CLI.
    pub fn at_permissions(practice: &Practice) -> Self {
        let mut talk = Self::practice();
        talk.settle(practice);
        talk.go_on_to_permissions("bob");
        talk
    }

    /// Opens the dialog in which a new policy is written, on *Permissions*.
    pub fn open_new_policy(&mut self) {
        self.go_to("Create policies");
        self.highlight("+ a new policy");
        self.act("open");
    }

    /// From the first page to *Review*, everything looked up: user `name`, a key for the CLI, the group Auditors.
    pub fn review(&mut self, practice: &Practice, name: &str) {
        self.settle(practice);
        self.review_from_here(practice, name);
    }

    /// The same without connecting first.
    pub fn review_from_here(&mut self, practice: &Practice, name: &str) {
        self.go_on_to_permissions(name);
        self.tick_row("Add user to group", "Auditors");
        self.go_on_to("Review");
        self.settle(practice);
        assert!(matches!(self.app.phase, Phase::Reviewing(_)), "{}", self.screen(100, 30));
    }

    /// On *Review*, for bob with a key for the CLI in the group Auditors.
    pub fn at_review(practice: &Practice) -> Self {
        let mut talk = Self::practice();
        talk.review(practice, "bob");
        talk
    }

    /// Past *Review* with the same; nothing was called yet.
    pub fn creating(practice: &Practice) -> Self {
        let mut talk = Self::at_review(practice);
        talk.create();
        talk
    }

    /// Past *Review*, with a key for bob that is described; nothing was called yet.
    pub fn making_a_described_key(practice: &Practice) -> Self {
        let mut talk = Self::at_access(practice);
        talk.want_cli_key();
        talk.fill("Description tag value", "laptop");
        talk.go_on_to("Review");
        talk.settle(practice);
        talk.create();
        talk
    }

    /// On *Hand-over* of bob's key, which is proven; nothing is open.
    pub fn handed_over(practice: &Practice) -> Self {
        let mut talk = Self::creating(practice);
        talk.settle(practice);
        let screen = talk.screen(100, 30);
        assert!(screen.contains("✓ yes, as arn:aws:iam::111122223333:user/bob"), "{screen}");
        talk
    }
}
