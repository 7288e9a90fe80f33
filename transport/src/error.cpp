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
            case Errc::invalid_json:
                return "not the JSON that is expected";
            case Errc::invalid_url:
                return "not a URL that is allowed";
            case Errc::insecure_url:
                return "a key may not travel over plain http";
            case Errc::address_refused:
                return "an address that may not be reached";
            case Errc::connection_failed:
                return "no connection";
            case Errc::tls_failed:
                return "no trusted connection";
            case Errc::connection_lost:
                return "the connection broke";
            case Errc::timed_out:
                return "no answer in time";
            case Errc::cancelled:
                return "cancelled";
            case Errc::cancelled_unsent:
                return "cancelled before anything was sent";
            case Errc::too_large:
                return "too much data";
            case Errc::invalid_response:
                return "not the response that the protocol promises";
            case Errc::http_status:
                return "an HTTP status that ends the operation";
            case Errc::config_not_found:
                return "no configuration file";
            case Errc::invalid_config:
                return "a configuration that cannot be used";
            case Errc::provider_not_found:
                return "no such provider";
            case Errc::key_not_found:
                return "no key";
            case Errc::invalid_model:
                return "a malformed model descriptor";
            case Errc::invalid_input:
                return "input that does not fit the model";
            case Errc::no_media:
                return "no media reference";
            case Errc::not_media:
                return "not media";
            case Errc::read_failed:
                return "a file cannot be read";
            case Errc::write_failed:
                return "a file cannot be written";
            case Errc::store_failed:
                return "the job store cannot be used";
            case Errc::module_unavailable:
                return "a module cannot be loaded";
            case Errc::job_exists:
                return "there is such a job already";
        }
        return "unknown error";
    }

    [[nodiscard]] std::error_condition default_error_condition(int code) const noexcept override {
        switch (static_cast<Errc>(code)) {
            case Errc::invalid_argument:
            case Errc::invalid_url:
            case Errc::invalid_input:
                return std::errc::invalid_argument;
            case Errc::invalid_base64:
            case Errc::invalid_data_uri:
            case Errc::invalid_json:
            case Errc::invalid_response:
            case Errc::invalid_config:
            case Errc::invalid_model:
            case Errc::not_media:
                return std::errc::bad_message;
            case Errc::insecure_url:
            case Errc::address_refused:
            case Errc::tls_failed:
                return std::errc::permission_denied;
            case Errc::connection_failed:
                return std::errc::not_connected;
            case Errc::connection_lost:
                return std::errc::connection_aborted;
            case Errc::timed_out:
                return std::errc::timed_out;
            case Errc::cancelled:
            case Errc::cancelled_unsent:
                return std::errc::operation_canceled;
            case Errc::too_large:
                return std::errc::file_too_large;
            case Errc::config_not_found:
                return std::errc::no_such_file_or_directory;
            case Errc::read_failed:
            case Errc::write_failed:
            case Errc::store_failed:
                return std::errc::io_error;
            case Errc::http_status:
            case Errc::provider_not_found:
            case Errc::key_not_found:
            case Errc::no_media:
            case Errc::module_unavailable:
            case Errc::job_exists:
                break;
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

bool may_have_been_received(Errc code) noexcept {
    switch (code) {
        case Errc::connection_lost:
        case Errc::timed_out:
        case Errc::cancelled:
        case Errc::too_large:
        case Errc::invalid_response:
            return true;
        default:
            return false;
    }
}

Error::Error(Errc code, std::string message, std::string subject, std::string next_step)
    : std::system_error(make_error_code(code)),
      message_(std::move(message)),
      subject_(std::move(subject)),
      next_step_(std::move(next_step)) {}

}  // namespace editprep::transport
