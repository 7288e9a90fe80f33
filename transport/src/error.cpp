#include "editprep/transport/error.hpp"

#include <utility>

namespace editprep::transport {
namespace {

class TransportCategory final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "editprep.transport"; }

    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<Errc>(code)) {
            case Errc::invalid_argument:
                return "a value is outside its range";
            case Errc::invalid_base64:
                return "not base64";
            case Errc::invalid_data_uri:
                return "not a data URI";
        }
        return "unknown error";
    }

    [[nodiscard]] std::error_condition default_error_condition(int code) const noexcept override {
        switch (static_cast<Errc>(code)) {
            case Errc::invalid_argument:
                return std::errc::invalid_argument;
            case Errc::invalid_base64:
            case Errc::invalid_data_uri:
                return std::errc::bad_message;
        }
        return {code, *this};
    }
};

}  // namespace

const std::error_category& transport_category() noexcept {
    static const TransportCategory category;
    return category;
}

std::error_code make_error_code(Errc code) noexcept {
    return {static_cast<int>(code), transport_category()};
}

Error::Error(Errc code, std::string message, std::string subject, std::string next_step)
    : std::system_error(make_error_code(code)),
      message_(std::move(message)),
      subject_(std::move(subject)),
      next_step_(std::move(next_step)) {}

}  // namespace editprep::transport
