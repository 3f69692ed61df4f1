//! Rotations with faults and sudden ends drawn at random, on the ledger, the real gateway, the practice account and real files;
//! beside them the order of other tools: create, write, delete.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use iamwalk::domain::answers::{OldKey, Rotation};
use iamwalk::domain::call::{Call, CallAnswer, Perform};
use iamwalk::domain::caller::Source;
use iamwalk::domain::facts::{Fact, Facts, KeyHolder, Question};
use iamwalk::domain::ledger::{Ledger, RunStatus};
use iamwalk::domain::operation::{CreateAccessKey, DeleteAccessKey, Entity, Made, Operation, Owned};
use iamwalk::domain::password::PasswordPolicy;
use iamwalk::domain::plan::Plan;
use iamwalk::domain::record::{Beginning, Record, TaskId, line};
use iamwalk::domain::secret::{SecretId, Vault};
use iamwalk::domain::step_id::StepId;
use iamwalk::practice::Practice;
use iamwalk::practice::faults::{Trouble, Troubled};
use iamwalk::services::connect::connect;
use iamwalk::services::gateway::Gateway;
use iamwalk::services::profile_files::{NewKey, ProfileFiles};
use iamwalk::services::settings::{Settings, Waits};

use super::support::samples::{bob, evidence};
use super::support::{block_on_at_once, practice, settings};

/// A linear congruential generator (Knuth's constants): the same faults at every run.
struct Dice(u64);

impl Dice {
    /// Below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const TROUBLE: [Trouble; 6] = [
    Trouble::Refused("Throttling", 400, "Rate exceeded"),
    Trouble::Refused("AccessDenied", 403, "no identity-based policy allows it"),
    Trouble::Refused("ServiceFailure", 500, "internal"),
    Trouble::NoConnection,
    Trouble::Lost,
    Trouble::Cut(60),
];

/// One account with bob, whose key two profiles hold, and the way there, which has trouble once calls of a run are made.
struct World {
    practice: Practice,
    gateway: Gateway,
    files: ProfileFiles,
    holder: KeyHolder,
    old: String,
    _folder: tempfile::TempDir,
}

fn world(dice: &Arc<Mutex<Dice>>) -> World {
    let practice = practice();
    let (lag, folder) = (dice.lock().unwrap().roll(8) as u32, tempfile::tempdir().unwrap());
    let (old, secret) = practice.with_account(|account| {
        account.create_user("bob", "/", Vec::new()).unwrap();
        let key = account.create_access_key("bob").unwrap();
        let pair = (key.id.clone(), key.secret.expose().to_owned());
        // A new key is not known for so many calls.
        account.key_lag = lag;
        pair
    });
    let files = ProfileFiles::within(folder.path());
    let profile = |name: &str| format!("[{name}]\naws_access_key_id = {old}\naws_secret_access_key = {secret}\n");
    std::fs::write(&files.credentials, profile("work") + &profile("other")).unwrap();
    let is_on = Arc::new(Mutex::new(false));
    let (rolls, on) = (Arc::clone(dice), Arc::clone(&is_on));
    let way = Troubled::new(practice.clone(), move |_, _| {
        let mut dice = rolls.lock().unwrap();
        (*on.lock().unwrap() && dice.roll(12) == 0).then(|| TROUBLE[dice.roll(TROUBLE.len() as u64) as usize])
    });
    let waits = Waits { every: std::time::Duration::from_secs(1), at_most: std::time::Duration::from_secs(60) };
    let settings = Settings { practice_files: files.clone(), waits, ..settings(way) };
    let gateway = block_on_at_once(connect(&Source::Practice, &settings, &Vault::default())).unwrap().gateway;
    let facts = RefCell::new(Facts::default());
    let question = Question::Holder("bob".to_owned());
    let learned = Mutex::new(Vec::new());
    block_on_at_once(gateway.ask(&question, &|answer| learned.lock().unwrap().push(answer)));
    learned.into_inner().unwrap().into_iter().for_each(|answer| facts.borrow_mut().learn(question.clone(), answer));
    let holder = facts.borrow().holder("bob").and_then(Fact::into_known).flatten().unwrap().clone();
    *is_on.lock().unwrap() = true;
    World { practice, gateway, files, holder, old, _folder: folder }
}

impl World {
    fn held(&self) -> Vec<String> {
        self.files.list().unwrap().into_iter().filter_map(|profile| profile.key).collect()
    }

    fn keys(&self) -> Vec<(String, bool)> {
        self.practice
            .with_account(|account| account.user("bob").unwrap().keys.iter().map(|key| (key.id.clone(), key.active)).collect())
    }

    /// Profiles that hold a key which IAM does not accept, now or for good.
    fn broken(&self, with_new: bool) -> usize {
        let accepted: Vec<String> = self.practice.with_account(|account| {
            let keys = account.user("bob").unwrap().keys.clone();
            keys.into_iter().filter(|key| key.active && (!with_new || key.unknown_for == 0)).map(|key| key.id).collect()
        });
        self.held().iter().filter(|held| !accepted.contains(held)).count()
    }

    /// Keys whose secret nobody has.
    fn lost(&self) -> usize {
        let held = self.held();
        self.keys().iter().filter(|(id, _)| *id != self.old && !held.contains(id)).count()
    }
}

/// A run with its journal; it ends by itself, or is killed before a call or after it.
struct Run {
    ledger: Ledger,
    journal: Vec<Record>,
    vault: Vault,
}

impl Run {
    /// Makes a call with its records around it; `None`: the program was killed there.
    fn call(&mut self, world: &World, call: &Call, kills: &mut impl FnMut() -> bool) -> Option<CallAnswer> {
        self.journal.extend(Call::intents(std::slice::from_ref(call), world.gateway.clock()));
        if kills() {
            return None;
        }
        let answer = block_on_at_once(world.gateway.call(call, &self.vault));
        if kills() {
            return None;
        }
        self.journal.extend(answer.records(call.step()));
        Some(answer)
    }

    fn make(&mut self, world: &World, kills: &mut impl FnMut() -> bool) -> Option<()> {
        for turn in 0.. {
            if self.ledger.status() != RunStatus::Running {
                break;
            }
            assert!(
                turn < 1000,
                "it comes to an end: {:#?}",
                self.ledger.rows().map(|(step, state)| (step.id, state)).collect::<Vec<_>>()
            );
            let ready = self.ledger.dispatch();
            for dispatch in ready {
                let call = self.ledger.call(dispatch, &PasswordPolicy::default()).unwrap();
                if matches!(call, Call::Perform(_)) {
                    self.ledger.sent_at(dispatch.step, world.gateway.clock());
                }
                let pause = match self.call(world, &call, kills)? {
                    CallAnswer::Performed(answer) => self.ledger.settle(dispatch.step, answer, 0),
                    CallAnswer::Read(answer) => self.ledger.read(dispatch.step, answer, 0),
                    CallAnswer::Reconciled(answer) => self.ledger.reconciled(dispatch.step, answer, 0),
                    other => panic!("{other:?}"),
                };
                let _ = pause;
                self.ledger.resume(dispatch.step);
            }
        }
        Some(())
    }

    /// Takes it back, as often as a person would try.
    fn undo(&mut self, world: &World) {
        for _ in 0..4 {
            self.ledger.retry_undo();
            let mut moves = 0;
            while let Some(call) = self.ledger.next_undo().and_then(|next| self.ledger.undo_call(next, false)) {
                moves += 1;
                assert!(moves < 100, "undo comes to an end");
                let step = call.step();
                match self.call(world, &call, &mut || false).unwrap() {
                    CallAnswer::Undone(answer) => {
                        self.ledger.undone(step, answer, 0);
                    }
                    CallAnswer::Reconciled(answer) => {
                        if self.ledger.reconciled(step, answer, 0).is_none() {
                            self.ledger.undo_given_up(step);
                        }
                    }
                    CallAnswer::Surveyed { thing, answer } => {
                        self.ledger.surveyed(step, &thing, answer, 0);
                    }
                    other => panic!("{other:?}"),
                }
                self.ledger.resume(step);
            }
            if self.ledger.remains().is_empty() {
                return;
            }
        }
    }

    /// What the next start reads.
    fn read_again(&mut self) {
        let text: String = self.journal.iter().map(|record| line(record).unwrap()).collect();
        self.ledger = iamwalk::domain::journal::Run::read(text.as_bytes()).unwrap().unwrap().ledger;
        self.vault = Vault::default();
    }
}

#[derive(Debug, Default, PartialEq)]
struct Count {
    done: usize,
    taken_back: usize,
    /// Profiles that hold a key which IAM does not accept: right after it, and for good.
    broken_at_once: usize,
    broken: usize,
    /// Keys whose secret nobody has.
    lost: usize,
}

fn rotate(seed: u64, count: &mut Count) {
    let dice = Arc::new(Mutex::new(Dice(seed)));
    let world = world(&dice);
    let wish = Rotation {
        key: world.old.clone(),
        profiles: vec!["work".to_owned(), "other".to_owned()],
        old_key: if seed.is_multiple_of(2) { OldKey::Delete } else { OldKey::Deactivate },
        typed: String::new(),
        gives_up: None,
    };
    let places = world.files.places_of(&world.old).unwrap();
    let plan = Plan::of_rotation(&world.holder, &wish, &places).unwrap();
    let ledger = Ledger::new(plan);
    let beginning = Beginning::of(TaskId::RotateKey, &ledger, "111122223333", "aws", "arn");
    let mut run = Run { ledger, journal: vec![Record::Begun(beginning)], vault: Vault::default() };
    let rolls = Arc::clone(&dice);
    let mut kills = move || rolls.lock().unwrap().roll(60) == 0;
    let survived = run.make(&world, &mut kills).is_some();
    count.broken_at_once += world.broken(true);
    if survived && run.ledger.status() == RunStatus::Complete {
        count.done += 1;
    } else {
        if !survived {
            run.read_again();
        }
        run.undo(&world);
        match run.ledger.is_beyond_undo() {
            // The next start finishes it.
            Some(_) => {
                count.done += 1;
                run.ledger.take_up();
                for _ in 0..4 {
                    run.ledger.retry();
                    run.make(&world, &mut || false);
                }
            }
            None => count.taken_back += 1,
        }
    }
    count.broken += world.broken(false);
    count.lost += world.lost();
    let case = || {
        format!(
            "seed {seed}: {:?} {:?}\n{}",
            world.keys(),
            world.held(),
            run.journal.iter().skip(1).map(|one| line(one).unwrap()).collect::<String>()
        )
    };
    assert_eq!((world.broken(false), world.lost()), (0, 0), "{}", case());
}

/// As others do it: create, write, delete. A fault ends it where it is.
fn create_write_delete(seed: u64, count: &mut Count) {
    let dice = Arc::new(Mutex::new(Dice(seed)));
    let world = world(&dice);
    let (vault, step) = (Vault::default(), StepId(0));
    let rolls = Arc::clone(&dice);
    let kills = move || rolls.lock().unwrap().roll(60) == 0;
    let made = (|| {
        let perform = |operation: Operation| Perform { step, ..Perform::plain(operation) };
        if kills() {
            return None;
        }
        let made = block_on_at_once(world.gateway.perform(&perform(CreateAccessKey { user: bob() }.into()), &vault)).ok()?;
        let Made::Key { id, .. } = made else { panic!() };
        let new = NewKey { id, secret: vault.get(SecretId::Of(step))? };
        for profile in ["work", "other"] {
            if kills() {
                return None;
            }
            world.files.swap(profile, &world.old, &new, false).ok()?;
        }
        count.broken_at_once += world.broken(true);
        let thing = Owned::new(Entity::User(bob()), world.holder.id.clone());
        let evidence = evidence(thing.entity, &thing.id);
        let delete = DeleteAccessKey { user: bob(), key: world.old.clone(), evidence };
        block_on_at_once(world.gateway.perform(&perform(delete.into()), &vault)).ok()
    })();
    if made.is_some() {
        count.done += 1;
    }
    count.broken += world.broken(false);
    count.lost += world.lost();
}

fn both(seeds: std::ops::Range<u64>) -> (Count, Count) {
    let (mut ours, mut theirs) = (Count::default(), Count::default());
    for seed in seeds {
        rotate(seed, &mut ours);
        create_write_delete(seed, &mut theirs);
    }
    (ours, theirs)
}

#[test]
fn rotations_with_random_faults_break_nothing() {
    let (ours, theirs) = both(0..60);
    println!("{ours:?}\ncreate, write, delete: {theirs:?}");
    assert_eq!((ours.broken_at_once, ours.broken, ours.lost), (0, 0, 0));
    assert!(theirs.broken_at_once > 0 && theirs.lost > 0, "the faults are such as break others: {theirs:?}");
}

#[test]
#[ignore = "long"]
fn rotations_with_random_faults_break_nothing_whole() {
    let (ours, theirs) = both(0..1000);
    println!("{ours:?}\ncreate, write, delete: {theirs:?}");
}
