#pragma once

#include <httplib.h>

#include <optional>

#include "editprep/imaging/geometry.hpp"
#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/file_store.hpp"
#include "tools/provider_emulator/journal.hpp"

namespace editprep::tools::provider_emulator {

/// OpenAI's `/v1/images/generations` and `/v1/images/edits`, with pictures of our own. Several
/// threads may use it at once.
class OpenAiImages {
public:
    struct Parts {
        const Access& access;
        FileStore& files;
        FaultPlan& faults;
        Journal& journal;
    };

    /// @param echo edits give back the picture that was sent
    OpenAiImages(const Parts& parts, std::optional<imaging::Size> answer_size, bool echo = false)
        : parts_(parts), answer_size_(answer_size), echo_(echo) {}

    /// Everything below `/v1/`.
    void handle(const httplib::Request& request, httplib::Response& response);

private:
    void create(const httplib::Request& request, httplib::Response& response, bool edits);

    Parts parts_;
    std::optional<imaging::Size> answer_size_;
    bool echo_;
};

}  // namespace editprep::tools::provider_emulator
