#include "tools/remote/transport_error.hpp"

#include "editprep/transport/error.hpp"

namespace editprep::tools {
namespace {

using transport::Errc;

enum class Layout {
    /// As callers of the older commands know it; the next step on lines of its own.
    verbatim,
    /// `request failed: <what>`, then the next step.
    no_response,
    /// `ERROR: <what>; <next step>`
    one_line,
};

Layout layout_of(Errc code) noexcept {
    switch (code) {
        case Errc::config_not_found:
        case Errc::invalid_config:
        case Errc::provider_not_found:
        case Errc::no_media:
        case Errc::invalid_data_uri:
        case Errc::invalid_url:
            return Layout::verbatim;
        case Errc::connection_failed:
        case Errc::tls_failed:
        case Errc::connection_lost:
        case Errc::timed_out:
            return Layout::no_response;
        default:
            return Layout::one_line;
    }
}

}  // namespace

std::optional<std::string> describe_transport_error(const std::exception& error) {
    const auto* known = dynamic_cast<const transport::Error*>(&error);
    if (known == nullptr) {
        return std::nullopt;
    }
    const std::string what = known->what();
    const std::string& next_step = known->next_step();
    switch (layout_of(known->errc())) {
        case Layout::verbatim:
            return next_step.empty() ? what : what + '\n' + next_step;
        case Layout::no_response:
            return "request failed: " + what + '\n' +
                   (next_step.empty() ? "Check the base URL, the endpoint, the network, the TLS "
                                        "certificates and the proxy settings."
                                      : next_step);
        default:
            return "ERROR: " + what + (next_step.empty() ? "" : "; " + next_step);
    }
}

}  // namespace editprep::tools
