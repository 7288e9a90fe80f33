#pragma once

#include <optional>
#include <string>

#include "editprep/transport/job_store.hpp"

namespace editprep::tools::fal_client {

/// The job of that request id, else of that number of ours.
[[nodiscard]] std::optional<transport::Job> find_job(const transport::JobStore& jobs,
                                                     const std::string& name);

}  // namespace editprep::tools::fal_client
