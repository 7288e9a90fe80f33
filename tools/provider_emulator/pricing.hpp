#pragma once

#include <httplib.h>

#include <optional>
#include <string>

#include "editprep/transport/model_registry.hpp"
#include "tools/provider_emulator/access.hpp"

namespace editprep::tools::provider_emulator {

/// fal's `/v1/models/pricing`, with the prices that the model registry knows. What it knows no
/// price of costs 0.05 USD an image.
class Pricing {
public:
    /// Both must outlive this.
    Pricing(const Access& access, const transport::ModelRegistry& registry)
        : access_(access), registry_(registry) {}

    /// Everything below `/api/v1/`.
    void handle(const httplib::Request& request, httplib::Response& response) const;

private:
    void list(const httplib::Request& request, httplib::Response& response) const;
    void estimate(const httplib::Request& request, httplib::Response& response) const;

    const Access& access_;
    const transport::ModelRegistry& registry_;
};

}  // namespace editprep::tools::provider_emulator
