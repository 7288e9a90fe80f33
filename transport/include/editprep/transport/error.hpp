#pragma once

#include <string>
#include <system_error>

/// What can go wrong in editprep::transport.
namespace editprep::transport {

enum class Errc {
    /// A value is outside its documented range.
    invalid_argument = 1,
    /// The text is not base64 (RFC 4648) as the caller allows it.
    invalid_base64,
    /// The text is not a data URI (RFC 2397).
    invalid_data_uri,
};

[[nodiscard]] const std::error_category& transport_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Errc code) noexcept;

/// The one exception type of this module, of the same shape as imaging::Error.
///
/// what() is a sentence without a final stop that names the subject, ready to be shown.
/// code() maps to std::errc conditions.
class Error : public std::system_error {
public:
    /// @param message   what is wrong, with the file, the field or the URL it concerns
    /// @param subject   that file, field or URL alone, without secrets
    /// @param next_step what the user can do about it; may be empty
    Error(Errc code, std::string message, std::string subject = {}, std::string next_step = {});

    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] Errc errc() const noexcept { return static_cast<Errc>(code().value()); }
    [[nodiscard]] const std::string& subject() const noexcept { return subject_; }
    [[nodiscard]] const std::string& next_step() const noexcept { return next_step_; }

private:
    std::string message_;
    std::string subject_;
    std::string next_step_;
};

}  // namespace editprep::transport

template <>
struct std::is_error_code_enum<editprep::transport::Errc> : std::true_type {};
