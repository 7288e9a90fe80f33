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
    /// The text is not JSON, or not the JSON that was asked for.
    invalid_json,
    /// The text is not a URL of a kind that is allowed here.
    invalid_url,
    /// A key would travel over plain http to another machine.
    insecure_url,
    /// The host has an address that may not be reached from here (private, link-local, ...).
    address_refused,
    /// No connection came about: name, route or proxy. Nothing was sent.
    connection_failed,
    /// The server cannot be trusted, or does not speak TLS. Nothing was sent, and trying again
    /// would
    /// not help.
    tls_failed,
    /// The connection broke after the request, or a part of it, was sent.
    connection_lost,
    /// The server was silent for too long, or the whole took too long, after something was sent.
    timed_out,
    /// The caller's cancel flag was raised.
    cancelled,
    /// The same, before anything was sent of a request that would have been finished.
    cancelled_unsent,
    /// More arrived, or was announced, than the caller allows.
    too_large,
    /// What arrived is not what the protocol promises.
    invalid_response,
    /// The server answered with an HTTP status that ends the operation.
    http_status,
    /// A configuration file is absent.
    config_not_found,
    /// A configuration file or one of its entries cannot be used.
    invalid_config,
    /// No provider of that name is configured.
    provider_not_found,
    /// No key was found in any of the places that are searched.
    key_not_found,
    /// A model descriptor is malformed.
    invalid_model,
    /// The input does not fit the model.
    invalid_input,
    /// A text refers to no media.
    no_media,
    /// What arrived is no media: an HTML or JSON page.
    not_media,
    /// A file cannot be read.
    read_failed,
    /// A file cannot be written.
    write_failed,
    /// The job store cannot be opened or used.
    store_failed,
    /// A part that is loaded on demand is not installed.
    module_unavailable,
    /// Another job stands where a new one was to be written down.
    job_exists,
};

[[nodiscard]] const std::error_category& transport_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Errc code) noexcept;

/// True for failures after which a server may have received and accepted the request: whoever sent
/// something that costs money must not send it again.
[[nodiscard]] bool may_have_been_received(Errc code) noexcept;

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
