//! The users' console passwords, with IAM's rules: one a user, and it meets the account's password policy. They stay in the account.

use super::account::Account;
use super::entities::Login;
use super::refusal::{ApiError, exists, no_such, password_policy, validation};
use crate::domain::secret::Secret;

impl Account {
    /// `CreateLoginProfile`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `EntityAlreadyExists`, `PasswordPolicyViolation`, `ValidationError`.
    pub fn create_login_profile(&mut self, user: &str, password: Secret, reset: bool) -> Result<&Login, ApiError> {
        if password.expose().is_empty() || password.expose().chars().count() > 128 {
            return Err(validation(
                "Value at 'password' failed to satisfy constraint: Member must have length between 1 and 128",
            ));
        }
        let policy = self.password_policy.clone().unwrap_or_default();
        let now = self.now;
        let user = self.user_mut(user)?;
        if user.login.is_some() {
            return Err(exists("Login Profile for user", &user.name.clone()));
        }
        policy.check(password.expose()).map_err(|_| {
            password_policy(format!("Password does not conform to the account password policy: {}", policy.words()))
        })?;
        Ok(user.login.insert(Login { password, reset, created: now }))
    }

    /// `UpdateLoginProfile`: another password, another duty to change it, or both.
    ///
    /// # Errors
    /// `NoSuchEntity`, `PasswordPolicyViolation`.
    pub fn update_login_profile(&mut self, user: &str, password: Option<Secret>, reset: Option<bool>) -> Result<(), ApiError> {
        let policy = self.password_policy.clone().unwrap_or_default();
        let found = self.user_mut(user)?;
        let login = found.login.as_mut().ok_or_else(|| no_such("login profile for user", user))?;
        if let Some(password) = password {
            policy.check(password.expose()).map_err(|_| {
                password_policy(format!("Password does not conform to the account password policy: {}", policy.words()))
            })?;
            login.password = password;
        }
        login.reset = reset.unwrap_or(login.reset);
        Ok(())
    }

    /// `DeleteLoginProfile`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn delete_login_profile(&mut self, user: &str) -> Result<(), ApiError> {
        let found = self.user_mut(user)?;
        found.login.take().map(|_| ()).ok_or_else(|| no_such("login profile for user", user))
    }
}
