#pragma once

#include <string>
#include <system_error>

/// What can go wrong in editprep::video.
namespace editprep::video {

enum class Errc {
    /// The file does not exist.
    file_not_found = 1,
    /// The file exists and cannot be read (permission, directory, device, I/O error).
    file_unreadable,
    /// The content is no clip in a container that is read here.
    unsupported_format,
    /// The content claims to be a clip but is cut short or damaged.
    damaged_media,
    /// The file has no video stream (sound only, or a cover picture beside sound).
    no_video,
    /// More streams or frames than any clip has: not worth the time and memory that it would take.
    too_complex,
    /// An argument is outside its range.
    invalid_argument,
    /// No change of ours makes the clip acceptable.
    cannot_conform,
    /// The frames cannot be decoded.
    decode_failed,
    /// The result's name is taken.
    file_exists,
    /// The result cannot be written: no permission, a full disk.
    write_failed,
    /// The caller asked to stop.
    cancelled,
    /// A part that is loaded on demand (FFmpeg) cannot be loaded.
    module_unavailable,
};

[[nodiscard]] const std::error_category& video_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Errc code) noexcept;

/// The one exception type of this module, of the same shape as imaging::Error.
///
/// what() is a sentence without a final stop that names the subject, ready to be shown.
/// code() maps to std::errc conditions.
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

}  // namespace editprep::video

template <>
struct std::is_error_code_enum<editprep::video::Errc> : std::true_type {};
