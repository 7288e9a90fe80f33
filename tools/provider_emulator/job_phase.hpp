#pragma once

#include <chrono>

namespace editprep::tools::provider_emulator {

enum class JobPhase { waiting, running, over };

/// Where a job is: it waits for a third of its time.
/// @param age since the job was accepted
[[nodiscard]] constexpr JobPhase phase_after(std::chrono::steady_clock::duration age,
                                             std::chrono::milliseconds job_time,
                                             bool never_finishes) noexcept {
    if (age >= job_time && !never_finishes) {
        return JobPhase::over;
    }
    return age < job_time / 3 ? JobPhase::waiting : JobPhase::running;
}

}  // namespace editprep::tools::provider_emulator
