#include "editprep/transport/media_reference.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"
#include "json_walk.hpp"
#include "reference_rules.hpp"

namespace editprep::transport {
namespace {

using namespace std::string_view_literals;
using Kind = MediaReference::Kind;
using References = std::vector<MediaReference>;

enum class Amount { first, all };

// ---- Rules for text

/// Finds what the earliest of some rules finds in several texts, in their order.
class Search {
public:
    Search(std::span<const ReferenceRule> rules, Amount amount)
        : rules_(rules), amount_(amount), best_(rules.size()) {}

    void look_in(std::string_view text) {
        const std::size_t limit = best_ + (amount_ == Amount::all && best_ < rules_.size() ? 1 : 0);
        for (std::size_t rule = 0; rule < limit; ++rule) {
            auto match = rules_[rule](text, 0);
            if (!match) {
                continue;
            }
            if (rule < best_) {
                best_ = rule;
                found_.clear();
            }
            for (; match; match = rules_[rule](text, match->end)) {
                found_.push_back(std::move(match->reference));
                if (amount_ == Amount::first) {
                    break;
                }
            }
            return;
        }
    }

    [[nodiscard]] References take() { return std::move(found_); }

private:
    std::span<const ReferenceRule> rules_;
    Amount amount_;
    /// The rule that found what was found so far.
    std::size_t best_;
    References found_;
};

References search_text(std::span<const ReferenceRule> rules, std::string_view text, Amount amount) {
    Search search(rules, amount);
    search.look_in(text);
    return search.take();
}

/// A text that is nothing but an absolute URL, or means to be media in a data URI.
References whole_url(std::string_view text) {
    constexpr std::array kMediaPrefixes{"data:image/"sv, "data:video/"sv, "data:audio/"sv};
    auto reference = as_reference(text);
    const bool fits =
        reference && (reference->kind == Kind::url ||
                      std::ranges::any_of(kMediaPrefixes, [&](std::string_view prefix) {
                          return reference->value.starts_with(prefix);
                      }));
    return fits ? References{std::move(*reference)} : References();
}

References find_in_text(std::string_view text, Amount amount) {
    constexpr std::array<ReferenceRule, 1> kBase64Rule{find_base64_member};
    const std::span<const ReferenceRule> rule_sets[] = {kBase64Rule, established_rules(),
                                                        further_rules()};
    for (const auto& rules : rule_sets) {
        if (auto found = search_text(rules, text, amount); !found.empty()) {
            return found;
        }
    }
    return whole_url(text);
}

// ---- Rules for JSON

constexpr auto kBase64Name = "b64_json"sv;
/// Members that hold references, the most telling first.
constexpr std::array kReferenceNames{"url"sv,        "video_url"sv, "output_url"sv,
                                     "result_url"sv, "path"sv,      "file"sv};

/// Members of the answer that hold results, the first to look at first.
struct ResultMember {
    std::string_view name;
    /// One result, or an array of them; otherwise an array only.
    bool may_be_one = false;
};
constexpr std::array kResultMembers{ResultMember{"data"sv},        ResultMember{"images"sv},
                                    ResultMember{"videos"sv},      ResultMember{"video"sv, true},
                                    ResultMember{"image"sv, true}, ResultMember{"audio"sv, true},
                                    ResultMember{"output"sv}};
constexpr std::size_t kDataPlace = 0;
constexpr std::size_t kTopPlace = kResultMembers.size();
constexpr std::size_t kOtherPlace = kTopPlace + 1;

/// Where the object stands that a string is a member of: an index of kResultMembers, kTopPlace or
/// kOtherPlace.
std::size_t place_of(std::span<const JsonContainer> containers) {
    if (!containers.front().is_object || containers.size() > 3) {
        return kOtherPlace;
    }
    if (containers.size() == 1) {
        return kTopPlace;
    }
    const bool in_array = containers.size() == 3;
    if (in_array == containers[1].is_object) {
        return kOtherPlace;
    }
    const auto* const member =
        std::ranges::find(kResultMembers, containers[1].name, &ResultMember::name);
    const bool fits = member != kResultMembers.end() && (in_array || member->may_be_one);
    return fits ? static_cast<std::size_t>(member - kResultMembers.begin()) : kOtherPlace;
}

/// Results of one kind lie side by side: in the same array, equally deep, under the same name.
struct Family {
    std::uint64_t array_number = 0;
    std::size_t depth = 0;
    std::string_view name;

    bool operator==(const Family&) const = default;
};

struct Candidate {
    MediaReference reference;
    std::uint64_t object_number = 0;
    Family family;
    /// The smallest is chosen; of equals the first. Base64 before references, then by place, by
    /// object where that counts, by member name.
    std::tuple<std::size_t, std::size_t, std::uint64_t, std::size_t> rank;
};

Family family_of(std::span<const JsonContainer> containers) {
    const auto array = std::find_if(containers.rbegin(), containers.rend(),
                                    [](const JsonContainer& c) { return !c.is_object; });
    return {array == containers.rend() ? 0 : array->number, containers.size(),
            containers.back().name};
}

std::optional<Candidate> base64_candidate(const JsonString& string) {
    auto reference = as_base64(string.text());
    if (!reference) {
        return std::nullopt;
    }
    const std::size_t place = place_of(string.containers);
    const bool is_special = place == kDataPlace || place == kTopPlace;
    return Candidate{std::move(*reference), string.containers.back().number,
                     family_of(string.containers),
                     std::tuple(0, is_special ? place : kOtherPlace, 0, 0)};
}

std::optional<Candidate> candidate_in(const JsonString& string) {
    if (string.containers.empty() || !string.containers.back().is_object) {
        return std::nullopt;
    }
    if (string.name == kBase64Name) {
        return base64_candidate(string);
    }
    const auto* const name = std::ranges::find(kReferenceNames, string.name);
    auto reference = name == kReferenceNames.end() ? std::nullopt : as_reference(string.text());
    if (!reference) {
        return std::nullopt;
    }
    const std::uint64_t object = string.containers.back().number;
    return Candidate{std::move(*reference), object, family_of(string.containers),
                     std::tuple(1, place_of(string.containers), object,
                                static_cast<std::size_t>(name - kReferenceNames.begin()))};
}

/// The best of each object in the family of the chosen one, which comes first.
References with_family(std::string_view json, const Candidate& chosen) {
    std::vector<Candidate> members;
    static_cast<void>(walk_json(json, [&](const JsonString& string) {
        auto candidate = candidate_in(string);
        if (!candidate || candidate->family != chosen.family) {
            return;
        }
        const auto same =
            std::ranges::find(members, candidate->object_number, &Candidate::object_number);
        if (same == members.end()) {
            members.push_back(std::move(*candidate));
        } else if (candidate->rank < same->rank) {
            *same = std::move(*candidate);
        }
    }));
    std::ranges::stable_partition(members, [&](const Candidate& member) {
        return member.object_number == chosen.object_number;
    });
    References found;
    std::ranges::transform(members, std::back_inserter(found),
                           [](Candidate& member) { return std::move(member.reference); });
    return found;
}

/// By the names of members. Nothing when the text is not JSON, else what was found.
std::optional<References> find_members(std::string_view json, Amount amount) {
    std::optional<Candidate> best;
    const bool valid = walk_json(json, [&best](const JsonString& string) {
        auto candidate = candidate_in(string);
        if (candidate && (!best || candidate->rank < best->rank)) {
            best = std::move(candidate);
        }
    });
    if (!valid) {
        return std::nullopt;
    }
    if (!best) {
        return References();
    }
    const bool has_family = amount == Amount::all && best->family.array_number != 0;
    return has_family ? with_family(json, *best) : References{std::move(best->reference)};
}

References search_strings(std::span<const ReferenceRule> rules, std::string_view json,
                          Amount amount) {
    Search search(rules, amount);
    static_cast<void>(walk_json(json, [&search](const JsonString& string) {
        const std::string plain = string.has_escapes() ? string.text() : std::string();
        search.look_in(string.has_escapes() ? plain : string.raw);
    }));
    return search.take();
}

/// Strings that are a URL and stand where results do, but in no member that says so.
References find_bare_results(std::string_view json, Amount amount) {
    constexpr std::array kNames{"data"sv,  "images"sv, "videos"sv,    "video"sv,    "image"sv,
                                "audio"sv, "output"sv, "image_url"sv, "audio_url"sv};
    References found;
    static_cast<void>(walk_json(json, [&](const JsonString& string) {
        const bool fits =
            string.containers.empty() || std::ranges::find(kNames, string.name) != kNames.end();
        if (fits && (amount == Amount::all || found.empty())) {
            std::ranges::move(whole_url(string.text()), std::back_inserter(found));
        }
    }));
    return found;
}

std::optional<References> find_in_json(std::string_view text, Amount amount) {
    auto found = find_members(text, amount);
    if (!found || !found->empty()) {
        return found;
    }
    // The text as it is written covers the names of members, where the older command looked, too.
    for (const auto& find : {+[](std::string_view json, Amount wanted) {
                                 return search_strings(established_rules(), json, wanted);
                             },
                             +[](std::string_view json, Amount wanted) {
                                 return search_text(established_rules(), json, wanted);
                             },
                             +[](std::string_view json, Amount wanted) {
                                 return search_strings(further_rules(), json, wanted);
                             },
                             +find_bare_results}) {
        found = find(text, amount);
        if (!found->empty()) {
            break;
        }
    }
    return found;
}

References find_references(std::string_view response, Amount amount) {
    const std::string_view text = without_outer_space(response);
    if (auto found = find_in_json(text, amount)) {
        return std::move(*found);
    }
    return find_in_text(text, amount);
}

void remove_repetitions(References& references) {
    std::vector<bool> is_new;
    {
        std::unordered_set<std::string_view> seen;
        for (const MediaReference& reference : references) {
            is_new.push_back(seen.insert(reference.value).second);
        }
    }
    std::erase_if(references, [i = std::size_t{0}, &is_new](const MediaReference&) mutable {
        return !is_new[i++];
    });
}

[[noreturn]] void refuse_reference(std::string_view reference) {
    throw Error(Errc::invalid_url,
                "The reference would lead to another host: " + std::string(reference),
                std::string(reference), "fetch it yourself if you trust it");
}

}  // namespace

std::optional<MediaReference> find_media(std::string_view response) {
    References found = find_references(response, Amount::first);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<MediaReference> find_all_media(std::string_view response) {
    References found = find_references(response, Amount::all);
    remove_repetitions(found);
    return found;
}

std::string resolve_reference(std::string_view origin, std::string_view reference) {
    const Url base = parse_url(origin);
    const auto as_found = as_reference(reference);
    if (!as_found || as_found->kind != Kind::relative || reference.starts_with("//") ||
        reference.find('\\') != std::string_view::npos) {
        refuse_reference(reference);
    }
    std::string path = base.path.substr(0, base.path.find_last_not_of('/') + 1);
    if (reference.starts_with(path + '/')) {
        path.clear();
    }
    reference.remove_prefix(std::min(reference.find_first_not_of('/'), reference.size()));
    return parse_url(base.origin() + path + '/' + std::string(reference)).text();
}

}  // namespace editprep::transport
