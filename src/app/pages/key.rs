//! *Access*: a key for a user that exists.

use super::{Page, access};
use crate::domain::answers::{Access, PageAnswer};
use crate::domain::page::PageId;

pub static PAGE: Page = Page {
    id: PageId::Access,
    title: "Access",
    why: "What the new access key is for. A user can have two access keys, active or not.",
    needs: Vec::new,
    shown: |_, _| Vec::new(),
    waits: false,
    of_account: false,
    form: access::key_form,
    refresh: |form, _| access::refresh_key(form, true),
    accept: |form, _| Ok(PageAnswer::Access(Access { key: Some(access::key(form)?), console: None })),
    summary: |answers, _| access::key_words(answers.access().and_then(|access| access.key.as_ref())).into_iter().collect(),
    words: |walkthrough| &walkthrough.words.access,
    alike: |one, other| one.access == other.access,
};
