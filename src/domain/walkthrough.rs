//! A walkthrough: values that pre-fill the pages, and words that stand beside them. It asks nothing that a page doesn't.

use super::access::UseCase;

/// A guide through the pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Walkthrough {
    /// The name under which it is chosen.
    pub name: &'static str,
    /// One line on what it makes.
    pub summary: &'static str,
    /// The suggested name of the user.
    pub user: Option<&'static str>,
    /// Whether an access key is suggested.
    pub key: bool,
    /// What the key is for, where the guide says so.
    pub use_case: Option<UseCase>,
    /// Whether console access is suggested.
    pub console: bool,
    /// The suggested new group and the names of its policies.
    pub new_group: Option<(&'static str, &'static [&'static str])>,
    /// What the guide says, by page: user, access, permissions, tags, hand-over.
    pub words: Words,
}

/// The guide's own words for each page; empty for none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Beside *User*.
    pub user: &'static str,
    /// Beside *Access*.
    pub access: &'static str,
    /// Beside *Permissions*.
    pub permissions: &'static str,
    /// Beside *Tags*.
    pub tags: &'static str,
    /// Beside *Hand-over*.
    pub hand_over: &'static str,
}

/// No guide: every page as the console has it.
pub static PLAIN: Walkthrough = Walkthrough {
    name: "plain",
    summary: "No guide: a user, its access and its permissions as you choose them.",
    user: None,
    key: true,
    use_case: None,
    console: false,
    new_group: None,
    words: Words { user: "", access: "", permissions: "", tags: "", hand_over: "" },
};

/// The lesson's administrator, instead of working as root (source document 004, the lesson).
pub static ADMIN_USER: Walkthrough = Walkthrough {
    name: "admin-user",
    summary: "An administrator to work with instead of root: user, group AdminUsers with AdministratorAccess, key and console password.",
    user: Some("admin-user"),
    key: true,
    use_case: Some(UseCase::Cli),
    console: true,
    new_group: Some(("AdminUsers", &["AdministratorAccess"])),
    words: Words {
        user: "The administrator you will work as from now on, instead of the root user.",
        access: "“Programmatic access” of older guides is an access key; “AWS Management Console access” is the password. \
                 This user gets both.",
        permissions: "In order to create an admin user, we create a group for admin users and add this user to it. \
                      AdministratorAccess says that its users may take any action on any resource: look at the document beside the list.",
        tags: "Tags are completely optional: an e-mail address, say, or a job title.",
        hand_over: "This is the only time that the secret access key can be seen. Do not share it with anyone. \
                    Saving it as a profile does what “aws configure” does.",
    },
};

/// The built-in walkthroughs, in the order in which they are offered.
pub static BUILT_IN: [&Walkthrough; 2] = [&PLAIN, &ADMIN_USER];
