#include <gmock/gmock.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <latch>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "clip_maker.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/http.hpp"
#include "editprep/transport/job_store.hpp"
#include "editprep/video/probe.hpp"
#include "emulator_process.hpp"
#include "image_maker.hpp"
#include "png_reference.hpp"
#include "remote_support.hpp"
#include "temp_folder.hpp"
#include "tools/generate_batch_media/commands.hpp"

/// Commands of all kinds at once on the threads of one process, as a batch runs them.
namespace editprep::tools {
namespace {

namespace fs = std::filesystem;
using imaging::Size;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

constexpr std::size_t kThreads = 8;

/// What one thread works on: a folder, and a size and a colour that no other thread has.
struct Place {
    std::size_t number;
    fs::path folder;
    Size size;
    std::string fill;
};

/// A command line for a place, and what has to come of it.
struct Task {
    std::string name;
    std::string command;
    Words words;
    int exit_code = 0;
    /// Of the result.
    std::optional<Size> size{};
    /// Of that file's pixel at 12, 12.
    std::optional<imaging::Color> colour{};
    int paid_jobs = 0;
};

struct Outcome {
    int exit_code = -1;
    Printed printed;
};

imaging::Color colour_of(std::size_t number) {
    return {static_cast<std::uint8_t>(16 + number), 32, 48, 255};
}

Place place_in(const fs::path& root, std::size_t number) {
    const int index = static_cast<int>(number);
    Place place{number,
                root / ("place-" + std::to_string(number)),
                {64 + 2 * index, 48 + 2 * index},
                "#1" + std::to_string(number) + "2030"};
    fs::create_directories(place.folder);
    testing::write_png_reference(
        place.folder / "source.png",
        testing::make_image(place.size, imaging::Channels::rgb, [](int x, int y) {
            const bool object = x >= 20 && x < 40 && y >= 15 && y < 35;
            return object ? imaging::Color{20, 40, 200} : imaging::Color{250, 250, 250};
        }));
    return place;
}

/// Remote and local work in turn; each task has a folder of its own.
std::vector<Task> tasks_at(const Place& place, const fs::path& tiff) {
    const std::string source = (place.folder / "source.png").string();
    const auto folder = [&](const char* name) { return (place.folder / name).string(); };
    const std::string size = imaging::to_string(place.size);
    const Words region{"--region", "rect:10:10:8:8", "--feather", "0"};
    const auto joined = [](Words words, const Words& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    return {
        {.name = "fill",
         .command = "mask_inpaint",
         .words = joined({"--image", source, "--prompt", "p", "--provider", "local", "--fill",
                          place.fill, "--out-dir", folder("fill"), "--mask-dir", folder("fill")},
                         region),
         .size = place.size,
         .colour = colour_of(place.number)},
        {.name = "create",
         .command = "generate_image",
         .words = {"--prompt", "p", "--provider", "openai", "--model", "any", "--size", size,
                   "--out-dir", folder("create")},
         .size = place.size,
         .paid_jobs = 1},
        {.name = "tiff",
         .command = "mask_inpaint",
         .words = joined({"--image", tiff.string(), "--prompt", "p", "--provider", "local",
                          "--out-dir", folder("tiff"), "--mask-dir", folder("tiff")},
                         region),
         .size = Size{64, 48}},
        {.name = "fal",
         .command = "edit_image",
         .words = {"--image", source, "--prompt", "p", "--provider", "fal", "--model",
                   "fal-ai/nano-banana-pro/edit", "--out-dir", folder("fal")},
         .size = place.size,
         .paid_jobs = 1},
        {.name = "mask",
         .command = "prepare_object_mask",
         .words = {"--image", source, "--out", folder("mask.png")},
         .size = place.size},
        {.name = "video",
         .command = "generate_video",
         .words = {"--prompt", "p", "--provider", "openai", "--model", "any", "--seconds", "1",
                   "--size", "64x48", "--poll-interval", "0.1", "--out-dir", folder("video")},
         .paid_jobs = 1},
        {.name = "missing",
         .command = "edit_image",
         .words = {"--image", folder("missing.png"), "--prompt", "p", "--provider", "fal"},
         .exit_code = 1},
        {.name = "masked",
         .command = "mask_inpaint",
         .words = joined({"--image", source, "--prompt", "p", "--provider", "openai", "--out-dir",
                          folder("masked"), "--mask-dir", folder("masked")},
                         region),
         .size = place.size,
         .paid_jobs = 1},
        {.name = "wider",
         .command = "outpaint_image",
         .words = {"--image", source, "--prompt", "p", "--provider", "local", "--left", "6",
                   "--out-dir", folder("wider"), "--work-dir", folder("wider")},
         .size = Size{place.size.width + 6, place.size.height}},
        {.name = "reference",
         .command = "reference_media",
         .words = {"--prompt", "p", "--provider", "openai", "--model", "any", "--size", size,
                   "--reference-image", source, "--out-dir", folder("reference")},
         .size = place.size,
         .paid_jobs = 1},
        {.name = "object",
         .command = "object_select_edit",
         .words = {"--image", source, "--prompt", "p", "--prepare-only", "--mask-dir",
                   folder("object")},
         .size = place.size},
    };
}

std::size_t count_of(const std::string& part, const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// What stands behind `DOWNLOADED: `; of commands that download nothing, the last word of stdout.
fs::path result_path(const std::string& out) {
    const std::string name = "DOWNLOADED: ";
    if (const std::size_t at = out.find(name); at != std::string::npos) {
        const std::size_t begin = at + name.size();
        return out.substr(begin, out.find('\n', begin) - begin);
    }
    const std::size_t end = out.find_last_not_of('\n') + 1;
    const std::size_t begin = out.find_last_of(" \n", end - 1) + 1;
    return out.substr(begin, end - begin);
}

class ConcurrentCommands : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        imaging::set_module_folder(EDITPREP_MODULE_FOLDER);
        video::set_module_folder(EDITPREP_MODULE_FOLDER);
    }

    ConcurrentCommands() : emulator_(EDITPREP_EMULATOR, {"--job-seconds", "0.05"}) {
        environment_ = emulator_.fal_environment();
        environment_["HOME"] = root_.path().string();
        environment_["EDITPREP_STATE_DIR"] = (root_ / "state").string();
        environment_["OPENCLAW_CONFIG"] = (root_ / "openclaw.json").string();
        const Json provider{{"baseUrl", emulator_.url() + "/v1"}, {"apiKey", "sk-of-the-test"}};
        std::ofstream(root_ / "openclaw.json")
            << Json{{"models", {{"providers", {{"openai", provider}}}}}};
        testing::make_clip("-f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt rgb24",
                           root_ / "shared.tif");
        for (std::size_t i = 0; i < kThreads; ++i) {
            places_.push_back(place_in(root_.path(), i));
        }
    }

    [[nodiscard]] std::vector<Task> tasks_at(std::size_t place) const {
        return tools::tasks_at(places_[place], root_ / "shared.tif");
    }

    [[nodiscard]] Outcome run(const Task& task) const {
        Outcome outcome;
        Context context = outcome.printed.context(environment_of(environment_));
        context.interactive = false;
        const auto* command = generate_batch_media::find_command(task.command);
        outcome.exit_code = run_command(command->run, task.words, context, command->describe_error);
        return outcome;
    }

    void expect_own(const Place& place, const Task& task, const Outcome& outcome) const {
        SCOPED_TRACE(place.folder.filename().string() + ' ' + task.name + '\n' +
                     outcome.printed.out + outcome.printed.err);
        ASSERT_EQ(outcome.exit_code, task.exit_code);
        const std::string all = outcome.printed.out + outcome.printed.err;
        EXPECT_EQ(count_of((root_ / "place-").string(), all),
                  count_of(place.folder.string() + '/', all));
        if (task.exit_code != 0) {
            EXPECT_EQ(outcome.printed.out, "");
            EXPECT_THAT(outcome.printed.err, HasSubstr((place.folder / "missing.png").string()));
            return;
        }
        const fs::path file = result_path(outcome.printed.out);
        ASSERT_TRUE(fs::is_regular_file(file)) << file;
        if (task.size) {
            const imaging::Image image = imaging::read_image(file).image;
            EXPECT_EQ(image.size(), *task.size);
            if (task.colour) {
                const imaging::Image rgb = imaging::to_rgb(image);
                const auto* pixel = rgb.row(12) + 12 * std::ptrdiff_t{3};
                EXPECT_EQ((imaging::Color{pixel[0], pixel[1], pixel[2]}), *task.colour);
            }
        }
    }

    [[nodiscard]] Json journal() const { return Json::parse(emulator_.get("/_emulator/journal")); }

    [[nodiscard]] std::size_t open_jobs() const {
        return transport::JobStore::open((root_ / "state/jobs.db").string()).open_jobs().size();
    }

    testing::TempFolder root_;
    testing::EmulatorProcess emulator_;
    std::map<std::string, std::string> environment_;
    std::vector<Place> places_;
};

TEST_F(ConcurrentCommands, KeepTheirStreamsAndFilesApart) {
    std::vector<std::vector<Outcome>> outcomes(kThreads);
    std::latch ready(kThreads);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kThreads; ++i) {
            threads.emplace_back([&, i] {
                const std::vector<Task> tasks = tasks_at(i);
                outcomes[i].resize(tasks.size());
                ready.arrive_and_wait();
                // Two threads begin with the same kind, so that each module is opened in a race.
                for (std::size_t k = 0; k < tasks.size(); ++k) {
                    const std::size_t at = (k + i / 2) % tasks.size();
                    outcomes[i][at] = run(tasks[at]);
                }
            });
        }
    }
    int paid_jobs = 0;
    for (std::size_t i = 0; i < kThreads; ++i) {
        const std::vector<Task> tasks = tasks_at(i);
        for (std::size_t k = 0; k < tasks.size(); ++k) {
            expect_own(places_[i], tasks[k], outcomes[i][k]);
            paid_jobs += tasks[k].paid_jobs;
        }
    }
    EXPECT_EQ(journal().at("job_count"), paid_jobs);
    EXPECT_EQ(journal().at("key_leaks"), 0);
    EXPECT_EQ(open_jobs(), 0U);
}

TEST_F(ConcurrentCommands, ShareAFolderWithoutTakingEachOthersNames) {
    const std::string shared = (root_ / "shared").string();
    std::vector<Outcome> outcomes(kThreads);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kThreads; ++i) {
            threads.emplace_back([&, i] {
                outcomes[i] =
                    run({.name = "shared",
                         .command = "mask_inpaint",
                         .words = {"--image", (places_[i].folder / "source.png").string(),
                                   "--prompt", "p", "--provider", "local", "--fill",
                                   places_[i].fill, "--region", "rect:10:10:8:8", "--out-dir",
                                   shared, "--mask-dir", places_[i].folder.string()}});
            });
        }
    }
    std::set<fs::path> files;
    for (std::size_t i = 0; i < kThreads; ++i) {
        ASSERT_EQ(outcomes[i].exit_code, 0) << outcomes[i].printed.err;
        const fs::path file = result_path(outcomes[i].printed.out);
        EXPECT_EQ(imaging::read_image(file).image.size(), places_[i].size);
        files.insert(file);
    }
    EXPECT_EQ(files.size(), kThreads);
    for (const auto& entry : fs::directory_iterator(shared)) {
        EXPECT_TRUE(files.contains(entry.path())) << entry.path();
    }
}

}  // namespace
}  // namespace editprep::tools
