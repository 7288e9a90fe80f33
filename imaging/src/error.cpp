#include "editprep/imaging/error.hpp"

#include <utility>

namespace editprep::imaging {
namespace {

class ImagingCategory final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "editprep.imaging"; }

    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::invalid_argument:
                return "a value is outside its range";
            case Errc::invalid_region:
                return "not a region inside the picture";
            case Errc::invalid_color:
                return "not a colour";
            case Errc::invalid_margins:
                return "margins leave no canvas";
            case Errc::size_mismatch:
                return "sizes differ";
            case Errc::file_not_found:
                return "file not found";
            case Errc::file_unreadable:
                return "file cannot be read";
            case Errc::file_unwritable:
                return "file cannot be written";
            case Errc::file_exists:
                return "file exists";
            case Errc::unsupported_format:
                return "unsupported format";
            case Errc::damaged_image:
                return "damaged image";
            case Errc::limit_exceeded:
                return "limit exceeded";
            case Errc::module_unavailable:
                return "module unavailable";
        }
        return "unknown error";
    }

    [[nodiscard]] std::error_condition default_error_condition(int code) const noexcept override {
        switch (static_cast<Errc>(code)) {
            case Errc::invalid_argument:
            case Errc::invalid_region:
            case Errc::invalid_color:
            case Errc::invalid_margins:
            case Errc::size_mismatch:
                return std::errc::invalid_argument;
            case Errc::file_not_found:
                return std::errc::no_such_file_or_directory;
            case Errc::file_unreadable:
            case Errc::file_unwritable:
                return std::errc::io_error;
            case Errc::file_exists:
                return std::errc::file_exists;
            case Errc::unsupported_format:
            case Errc::module_unavailable:
                return std::errc::not_supported;
            case Errc::damaged_image:
                return std::errc::bad_message;
            case Errc::limit_exceeded:
                return std::errc::value_too_large;
        }
        return {code, *this};
    }
};

}  // namespace

const std::error_category& imaging_category() noexcept {
    static const ImagingCategory category;
    return category;
}

std::error_code make_error_code(Errc code) noexcept {
    return {static_cast<int>(code), imaging_category()};
}

Error::Error(Errc code, std::string message, std::string subject, std::string next_step)
    : std::system_error(make_error_code(code)),
      message_(std::move(message)),
      subject_(std::move(subject)),
      next_step_(std::move(next_step)) {}

}  // namespace editprep::imaging
