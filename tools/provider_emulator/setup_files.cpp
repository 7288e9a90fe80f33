#include "tools/provider_emulator/setup_files.hpp"

#include <filesystem>
#include <span>

#include "editprep/imaging/image_file.hpp"
#include "tools/provider_emulator/answers.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr const char* kOwnKey = "${EDITPREP_EMULATOR_KEY}";

void write_text(const std::filesystem::path& path, const std::string& text) {
    imaging::write_file(path, std::as_bytes(std::span(text)), imaging::Overwrite::always);
}

/// In single quotes for a shell.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text) {
        result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return result + '\'';
}

}  // namespace

std::string shell_lines(const std::string& base_url, bool own_key) {
    return "export EDITPREP_FAL_RUN_URL=" + base_url + "/run\n" +
           "export EDITPREP_FAL_QUEUE_URL=" + base_url + "/queue\n" +
           "export EDITPREP_FAL_REST_URL=" + base_url + "/rest\n" +
           "export EDITPREP_FAL_API_URL=" + base_url + "/api/v1\n" +
           "export FAL_KEY=" + (own_key ? '"' + std::string(kOwnKey) + '"' : "emulator:key") + '\n';
}

void write_setup(const std::string& folder, const std::string& base_url, bool own_key) {
    const std::filesystem::path path = std::filesystem::absolute(folder);
    const std::filesystem::path config = path / "openclaw.json";
    const Json providers{
        {"openai",
         {{"baseUrl", base_url + "/v1"}, {"apiKey", own_key ? kOwnKey : "emulator-key"}}}};
    write_text(config, indented_json({{"models", {{"providers", providers}}}}) + '\n');
    write_text(path / "environment.sh",
               shell_lines(base_url, own_key) +
                   "export OPENCLAW_CONFIG=" + quoted(config.string()) +
                   // Made-up jobs do not belong among those that are owed.
                   "\nexport EDITPREP_STATE_DIR=" + quoted((path / "state").string()) + '\n');
}

}  // namespace editprep::tools::provider_emulator
