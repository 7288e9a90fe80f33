#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/mask_convention.hpp"
#include "editprep/transport/secret.hpp"

/// The configuration file with the OpenAI-compatible providers: JSON5, `models.providers`.
namespace editprep::transport {

/// Looks up an environment variable; one that is set but empty counts as unset.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

struct ProviderEntry {
    std::string name;
    /// Without trailing slashes.
    std::string base_url;
    Secret api_key;
    /// `maskEncoding`: how this provider wants masks, where it is not OpenAI's way.
    std::optional<MaskConvention> mask_convention{};
    /// `allowInsecure`: the key may travel over plain http to a host that is not the loopback.
    bool allow_insecure = false;
    /// `idempotencyHeader`: the header, such as `Idempotency-Key`, by which this provider knows a
    /// request that comes again, so that it makes and charges for nothing twice. Empty: it knows
    /// none, and what may have arrived is never sent again.
    std::string idempotency_header{};
};

/// The providers of one file. Entries are looked into only when they are chosen, so that a broken
/// one does not stand in the way of the others.
class ProviderConfig {
public:
    /// @param path a leading `~/` stands for the environment's HOME
    /// Throws config_not_found or invalid_config; the messages are those of the contract's section
    /// 3.3, next_step() holds the further lines.
    [[nodiscard]] static ProviderConfig load(const std::string& path,
                                             const EnvironmentLookup& environment);

    /// Sorted by code point; never empty.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    /// Empty `name` chooses the first by name. `${NAME}` in baseUrl and apiKey is replaced from the
    /// environment. Throws provider_not_found, or invalid_config for an entry that cannot be used.
    [[nodiscard]] ProviderEntry choose(const std::string& name,
                                       const EnvironmentLookup& environment) const;

private:
    std::string path_;
    std::vector<std::string> names_;
    /// The `models.providers` object as JSON text.
    std::string providers_json_;
    /// What the file itself says about the environment.
    std::map<std::string, std::string> variables_;
};

/// A fal key and where it came from.
struct FalKey {
    Secret key;
    /// `FAL_KEY`, or the file.
    std::string found_in;
    /// What was skipped on the way, for people: an unreadable file, a placeholder.
    std::vector<std::string> warnings;
};

/// FAL_KEY, FAL_KEY_ID with FAL_KEY_SECRET, FAL_API_KEY, then `integrations.fal.apiKey` and
/// `models.providers.fal.apiKey` of the configuration file, then TOOLS.md in the workspace. Blanks
/// around a key are removed. An empty key when there is none.
/// @param config_path empty for $OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json
[[nodiscard]] FalKey find_fal_key(const std::string& config_path,
                                  const EnvironmentLookup& environment);

}  // namespace editprep::transport
