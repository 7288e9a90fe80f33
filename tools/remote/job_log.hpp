#pragma once

#include <optional>
#include <string>

#include "editprep/transport/job_store.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/story.hpp"

/// This user's job store.
namespace editprep::tools {

/// $EDITPREP_STATE_DIR, else $XDG_STATE_HOME/editprep, else ~/.local/state/editprep.
[[nodiscard]] std::string state_folder(const Environment& environment);

/// `jobs.db` in the state folder. Takes over $FAL_PENDING_FILE, else
/// ~/.openclaw/workspace/fal-pending.json, the first time; says so, and warns of one that cannot be
/// read.
[[nodiscard]] transport::JobStore open_job_store(const Environment& environment,
                                                 const Story& story);

/// The job of that request id, else of that number of ours.
[[nodiscard]] std::optional<transport::Job> find_job(const transport::JobStore& jobs,
                                                     const std::string& name);

}  // namespace editprep::tools
