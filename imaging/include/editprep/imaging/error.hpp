#pragma once

#include <string>
#include <system_error>

/// What can go wrong in editprep::imaging.
namespace editprep::imaging {

enum class Errc {
    /// A value is outside its documented range.
    invalid_argument = 1,
    /// The text or the numbers of a region do not make a region inside the picture.
    invalid_region,
    /// A colour is neither #RRGGBB nor #RRGGBBAA.
    invalid_color,
    /// Margins leave no pixels, or ask for none.
    invalid_margins,
    /// Two pictures, or a picture and a mask, should have the same size and do not.
    size_mismatch,
    /// The file does not exist.
    file_not_found,
    /// The file exists and cannot be read (permission, directory, I/O error).
    file_unreadable,
    /// The file cannot be written (permission, missing or full folder, quota).
    file_unwritable,
    /// The target exists and may not be overwritten.
    file_exists,
    /// The content is no picture in a format that is read here.
    unsupported_format,
    /// The content claims to be a picture but is cut short or damaged.
    damaged_image,
    /// Width, height, number of pixels or bytes exceed the Limits.
    limit_exceeded,
    /// A part that is loaded on demand (further formats, inpainting) is not installed or does not
    /// start.
    module_unavailable,
};

[[nodiscard]] const std::error_category& imaging_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Errc code) noexcept;

/// The one exception type of this module.
///
/// what() is a sentence without a final stop that names the subject, ready to be shown.
/// code() maps to std::errc conditions (file_not_found == std::errc::no_such_file_or_directory,
/// ...).
class Error : public std::system_error {
public:
    /// @param message   what is wrong, with the file or the field it concerns
    /// @param subject   that file or field alone
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

}  // namespace editprep::imaging

template <>
struct std::is_error_code_enum<editprep::imaging::Errc> : std::true_type {};
