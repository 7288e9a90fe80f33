#include "editprep/video/error.hpp"

#include <utility>

namespace editprep::video {
namespace {

class VideoCategory final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "editprep.video"; }

    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::file_not_found:
                return "file not found";
            case Errc::file_unreadable:
                return "file cannot be read";
            case Errc::unsupported_format:
                return "unsupported format";
            case Errc::damaged_media:
                return "damaged media";
            case Errc::no_video:
                return "no video stream";
            case Errc::too_complex:
                return "too many streams or frames";
            case Errc::invalid_argument:
                return "a value is outside its range";
            case Errc::cannot_conform:
                return "the clip cannot be made acceptable";
            case Errc::decode_failed:
                return "frames cannot be decoded";
            case Errc::file_exists:
                return "the file exists";
            case Errc::write_failed:
                return "a file cannot be written";
            case Errc::cancelled:
                return "cancelled";
            case Errc::module_unavailable:
                return "a module cannot be loaded";
        }
        return "unknown error";
    }

    [[nodiscard]] std::error_condition default_error_condition(int code) const noexcept override {
        switch (static_cast<Errc>(code)) {
            case Errc::file_not_found:
                return std::errc::no_such_file_or_directory;
            case Errc::file_unreadable:
                return std::errc::io_error;
            case Errc::unsupported_format:
                return std::errc::not_supported;
            case Errc::damaged_media:
                return std::errc::bad_message;
            case Errc::no_video:
            case Errc::invalid_argument:
            case Errc::cannot_conform:
                return std::errc::invalid_argument;
            case Errc::too_complex:
                return std::errc::value_too_large;
            case Errc::decode_failed:
                return std::errc::bad_message;
            case Errc::file_exists:
                return std::errc::file_exists;
            case Errc::write_failed:
                return std::errc::io_error;
            case Errc::cancelled:
                return std::errc::operation_canceled;
            case Errc::module_unavailable:
                return std::errc::no_such_device;
        }
        return {code, *this};
    }
};

}  // namespace

const std::error_category& video_category() noexcept {
    static const VideoCategory category;
    return category;
}

std::error_code make_error_code(Errc code) noexcept {
    return {static_cast<int>(code), video_category()};
}

Error::Error(Errc code, std::string message, std::string subject, std::string next_step)
    : std::system_error(make_error_code(code)),
      message_(std::move(message)),
      subject_(std::move(subject)),
      next_step_(std::move(next_step)) {}

}  // namespace editprep::video
