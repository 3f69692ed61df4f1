//! What help says of where the person is.

use super::dialog::Dialog;
use super::{App, Phase};

/// What help says of where the person is: the page's why, the guide's words, the keys from the footer's own table.
pub(super) fn help(app: &App) -> Dialog {
    let mut words = Vec::new();
    let title = match &app.phase {
        Phase::Starting(_) | Phase::Asking(_) => {
            words.push(app.why().to_owned());
            let (walkthrough, said) = app.walkthrough_words();
            if !said.is_empty() {
                words.push(format!("{walkthrough}: {said}"));
            }
            app.title()
        }
        Phase::Users(users) if users.open().is_some() => {
            words.push(
                "What is known of the user: how it gets in, and where all that it may do comes from. Tasks about it start here."
                    .to_owned(),
            );
            app.title()
        }
        Phase::Users(_) => {
            words.push(app.why().to_owned());
            app.title()
        }
        Phase::WritingPolicy(page) => {
            words.push("A policy says what is allowed. It is checked as you type, and made together with the user.".to_owned());
            page.title()
        }
        Phase::Reviewing(_) => {
            words.push("Everything you answered, and every API call in order. Enter on a block opens its page.".to_owned());
            "Review"
        }
        Phase::Creating(_) => {
            words.push("Each step as it is made. A failure stops the run: nothing new starts, and you choose what happens to what was made.".to_owned());
            app.title()
        }
        Phase::LoadingRun(_) | Phase::Resuming(_) => {
            words.push("The earlier run resumes once your credentials are confirmed.".to_owned());
            "An earlier run"
        }
        Phase::HandingOver(handing_over) => {
            words.push(match (handing_over.key_made(), handing_over.password()) {
                (Some(_), _) if !handing_over.saves().is_empty() => {
                    "The key is saved. Whatever else is to have its secret gets it now, and never again."
                }
                (Some(_), _) => {
                    "You can see and save the secret now, and never again. Saving it as a profile is what “aws configure” does."
                }
                (None, Some(_)) => "You can see and save the password now, and never again.",
                (None, None) => "What was done. There is no secret to receive.",
            }.to_owned());
            "Hand-over"
        }
        Phase::Left => "",
    };
    words.push(String::new());
    words.extend(keys(app));
    Dialog::help(title, words)
}

/// What help says of the question that is open.
pub(super) fn help_of_dialog(app: &App) -> Dialog {
    let title = app.dialog.as_ref().map_or("", |open| open.title.as_str());
    let mut words = vec!["The question is in front of the page. Closing it answers nothing.".to_owned()];
    let field = app.dialog.as_ref().and_then(|open| open.form.focused()).filter(|field| !field.hint.is_empty());
    words.extend(field.map(|field| format!("{}: {}.", field.label, field.hint.trim_end_matches('.'))));
    words.push(String::new());
    words.extend(keys(app));
    Dialog::help(title, words)
}

/// What is typed in answer to a question, where the conversation is held in lines.
const LINES: [&str; 8] = [
    "An empty line keeps what is there and goes on.",
    "Numbers choose, as in 1 4. A word searches a list; a question mark and a number look at a row of it.",
    "yes and no answer what can be ticked.",
    "< goes back. ? is this help. :q leaves, and asks first where something would be lost.",
    ":e empties a field, or takes every choice from a list. :t goes through the types of a list. :r fetches again.",
    "On the list of your policies :x and a number removes one. A document ends with a line that is a full stop.",
    "On Review :d shows the calls in another form, and :w writes your answers to a file.",
    "On Hand-over each act has its number.",
];

fn keys(app: &App) -> Vec<String> {
    if app.context.in_lines {
        return LINES.map(str::to_owned).into();
    }
    app.keys().into_iter().map(|hint| format!("{:>9}  {}", hint.shown, hint.words)).collect()
}
