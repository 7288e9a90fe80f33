#include "whole_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "image_maker.hpp"
#include "planted_files.hpp"
#include "temp_folder.hpp"

namespace editprep::imaging {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::names_in;
using testing::noise_image;
using testing::plant;
using testing::read_text;
using testing::TempFolder;

void write_text(const fs::path& path, std::string_view text,
                Overwrite overwrite = Overwrite::own_files) {
    write_file(path, bytes_of(text), overwrite);
}

struct Failure {
    Errc code{};
    std::string message;
    std::string next_step;
};

Failure failure_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return {error.errc(), error.what(), error.next_step()};
    }
    ADD_FAILURE() << "no error";
    return {};
}

Failure refusal(const fs::path& path, Overwrite overwrite = Overwrite::own_files) {
    return failure_of([&] { write_text(path, "new", overwrite); });
}

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

/// The running user's umask, seen through a file that the system itself made.
mode_t mode_of_new_files(const fs::path& folder) {
    plant(folder / "probe", "");
    const mode_t mode = mode_of(folder / "probe");
    fs::remove(folder / "probe");
    return mode;
}

TEST(WholeFile, WritesEverythingAndLeavesNothingElse) {
    const TempFolder folder;
    const std::string text(3'000'000, 'x');
    write_text(folder / "out.bin", text);
    EXPECT_EQ(read_text(folder / "out.bin"), text);
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"out.bin"});
}

TEST(WholeFile, NewFilesHaveTheUsualPermissions) {
    const TempFolder folder;
    write_text(folder / "out", "new");
    EXPECT_EQ(mode_of(folder / "out"), mode_of_new_files(folder.path()));
}

TEST(WholeFile, MissingFoldersAreMade) {
    const TempFolder folder;
    write_text(folder / "a/b/c/out", "new");
    EXPECT_EQ(read_text(folder / "a/b/c/out"), "new");
}

TEST(WholeFile, ANameAloneMeansTheWorkingFolder) {
    const TempFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    write_text("out", "new");
    fs::current_path(before);
    EXPECT_EQ(read_text(folder / "out"), "new");
}

TEST(WholeFile, ForeignFilesAreReplacedOnlyWhenAsked) {
    const TempFolder folder;
    plant(folder / "photo.png", "precious");
    const Failure failure = refusal(folder / "photo.png");
    EXPECT_EQ(failure.code, Errc::file_exists);
    EXPECT_EQ(failure.message, "refusing to replace " + (folder / "photo.png").string() +
                                   ", which does not carry editprep's mark");
    EXPECT_EQ(failure.next_step, "name another file or give --overwrite");
    EXPECT_EQ(read_text(folder / "photo.png"), "precious");
    EXPECT_EQ(failure_of([&] { check_may_write(folder / "photo.png", Overwrite::own_files); }).code,
              Errc::file_exists);

    check_may_write(folder / "photo.png", Overwrite::always);
    write_text(folder / "photo.png", "new", Overwrite::always);
    EXPECT_EQ(read_text(folder / "photo.png"), "new");
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

TEST(WholeFile, OwnAndEmptyFilesAreReplaced) {
    const TempFolder folder;
    write_image(folder / "own.png", noise_image({9, 9}, Channels::rgb), Overwrite::own_files);
    plant(folder / "empty", "");
    for (const char* name : {"own.png", "empty", "absent"}) {
        check_may_write(folder / name, Overwrite::own_files);
        write_text(folder / name, "new");
        EXPECT_EQ(read_text(folder / name), "new") << name;
    }
}

TEST(WholeFile, PermissionsOfAReplacedFileStay) {
    const TempFolder folder;
    plant(folder / "out", "old");
    ASSERT_EQ(::chmod((folder / "out").c_str(), 0640), 0);
    write_text(folder / "out", "new", Overwrite::always);
    EXPECT_EQ(mode_of(folder / "out"), 0640U);
}

TEST(WholeFile, ASymbolicLinkStaysAndItsTargetIsReplaced) {
    const TempFolder folder;
    fs::create_directory(folder / "real");
    fs::create_symlink("real/out", folder / "one");
    fs::create_symlink(folder / "one", folder / "two");

    write_text(folder / "two", "made");  // dangling so far
    EXPECT_EQ(read_text(folder / "real/out"), "made");
    EXPECT_EQ(refusal(folder / "two").code, Errc::file_exists);
    write_text(folder / "two", "replaced", Overwrite::always);
    EXPECT_EQ(read_text(folder / "real/out"), "replaced");
    EXPECT_TRUE(fs::is_symlink(folder / "one"));
    EXPECT_TRUE(fs::is_symlink(folder / "two"));
    EXPECT_EQ(names_in(folder / "real"), std::vector<std::string>{"out"});
}

TEST(WholeFile, ALinkToItselfIsAnError) {
    const TempFolder folder;
    fs::create_symlink("loop", folder / "loop");
    EXPECT_EQ(refusal(folder / "loop", Overwrite::always).code, Errc::file_unwritable);
}

TEST(WholeFile, FoldersAreNotReplaced) {
    const TempFolder folder;
    fs::create_directory(folder / "there");
    for (const fs::path& path : {folder / "there", folder / "there/", folder / "absent/",
                                 folder / "absent/.", folder / "absent/.."}) {
        for (const Overwrite overwrite : {Overwrite::own_files, Overwrite::always}) {
            const Failure failure = refusal(path, overwrite);
            EXPECT_EQ(failure.code, Errc::file_unwritable);
            EXPECT_NE(failure.message.find("is a directory"), std::string::npos) << failure.message;
        }
    }
}

TEST(WholeFile, AFileInTheWayOfAFolderIsAnError) {
    const TempFolder folder;
    plant(folder / "file", "old");
    EXPECT_EQ(refusal(folder / "file/out").code, Errc::file_unwritable);
    EXPECT_EQ(refusal(folder / "file/deeper/out").code, Errc::file_unwritable);
    EXPECT_EQ(read_text(folder / "file"), "old");
}

TEST(WholeFile, DevicesAreWrittenInPlace) {
    write_text("/dev/null", "gone", Overwrite::own_files);
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WholeFile, ADeviceThatIsFullIsAnErrorWithARemedy) {
    const Failure failure = refusal("/dev/full");
    EXPECT_EQ(failure.code, Errc::file_unwritable);
    EXPECT_NE(failure.message.find("/dev/full"), std::string::npos);
    EXPECT_EQ(failure.next_step, "free space or choose another folder");
}

TEST(WholeFile, PipesAreWrittenInPlace) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const std::string text(200'000, 'p');
    auto received = std::async(std::launch::async, [&] { return read_text(pipe); });
    write_text(pipe, text);
    EXPECT_EQ(received.get(), text);
    EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(WholeFile, APipeWhoseReaderLeavesIsAnError) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    auto reader = std::async(std::launch::async, [&] {
        const int file = ::open(pipe.c_str(), O_RDONLY);
        char one = 0;
        const ssize_t size = ::read(file, &one, 1);
        ::close(file);
        return size;
    });
    const std::string more_than_a_pipe_holds(8 << 20, 'p');
    EXPECT_EQ(failure_of([&] { write_text(pipe, more_than_a_pipe_holds); }).code,
              Errc::file_unwritable);
    EXPECT_EQ(reader.get(), 1);
    std::signal(SIGPIPE, before);
}

TEST(WholeFile, OpenDescriptorsAreWrittenInPlace) {
    const TempFolder folder;
    const int file = ::open((folder / "log").c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_EQ(::write(file, "before ", 7), 7);
    const fs::path name = "/dev/fd/" + std::to_string(file);
    write_text(name, "picture");
    ::close(file);
    EXPECT_EQ(read_text(folder / "log"), "before picture");
    EXPECT_EQ(names_in(folder.path()).size(), 1U);
}

/// Files may not grow beyond `bytes` while this lives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }

private:
    rlimit before_{};
    void (*signal_)(int);
};

TEST(WholeFile, AWriteThatFailsHalfwayLeavesTheOldFileAndNoOther) {
    const TempFolder folder;
    plant(folder / "old", "old");
    const std::string text(100'000, 'x');
    {
        const FileSizeLimit limit(50'000);
        for (const char* name : {"old", "new"}) {
            const Failure failure =
                failure_of([&] { write_text(folder / name, text, Overwrite::always); });
            EXPECT_EQ(failure.code, Errc::file_unwritable);
            EXPECT_NE(failure.message.find((folder / name).string()), std::string::npos);
            EXPECT_EQ(failure.next_step, "free space or choose another folder");
        }
    }
    EXPECT_EQ(read_text(folder / "old"), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"old"});
}

/// The text in parts of some bytes.
void write_parts(WholeFileWriter& writer, std::string_view text) {
    constexpr std::size_t kPart = 1000;
    for (; !text.empty(); text.remove_prefix(std::min(kPart, text.size()))) {
        writer.write(bytes_of(text.substr(0, kPart)));
    }
}

TEST(WholeFileWriter, PartsFollowOneAnotherAndAppearAtOnce) {
    const TempFolder folder;
    plant(folder / "old", "old");
    const std::string text = std::string(12'345, 'a') + std::string(6'789, 'b');
    for (const char* name : {"old", "new", "deeper/new"}) {
        const fs::path path = folder / name;
        const bool existed = fs::exists(path);
        WholeFileWriter writer(path, Overwrite::always);
        write_parts(writer, text);
        EXPECT_EQ(fs::exists(path), existed) << name;
        EXPECT_EQ(read_text(path), existed ? "old" : "") << name;
        writer.commit();
        EXPECT_EQ(read_text(path), text) << name;
    }
    EXPECT_EQ(names_in(folder.path()).size(), 3U);
    EXPECT_EQ(names_in(folder / "deeper"), std::vector<std::string>{"new"});
}

TEST(WholeFileWriter, NoBytesMakeAnEmptyFile) {
    const TempFolder folder;
    WholeFileWriter(folder / "silent", Overwrite::own_files).commit();
    WholeFileWriter writer(folder / "empty", Overwrite::own_files);
    writer.write({});
    writer.commit();
    EXPECT_EQ(fs::file_size(folder / "silent"), 0U);
    EXPECT_EQ(fs::file_size(folder / "empty"), 0U);
}

TEST(WholeFileWriter, WithoutCommitNothingStays) {
    const TempFolder folder;
    plant(folder / "old", "old");
    for (const char* name : {"old", "new"}) {
        const WholeFileWriter untouched(folder / name, Overwrite::always);
        WholeFileWriter writer(folder / name, Overwrite::always);
        write_parts(writer, std::string(5'000, 'x'));
    }
    EXPECT_EQ(read_text(folder / "old"), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"old"});
}

TEST(WholeFileWriter, WhatIsRefusedIsRefusedBeforeTheFirstByte) {
    const TempFolder folder;
    plant(folder / "photo", "precious");
    const Failure failure =
        failure_of([&] { const WholeFileWriter writer(folder / "photo", Overwrite::own_files); });
    EXPECT_EQ(failure.code, Errc::file_exists);
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"photo"});
}

TEST(WholeFileWriter, AFileMadeInTheMeantimeIsKept) {
    const TempFolder folder;
    WholeFileWriter writer(folder / "out", Overwrite::own_files);
    write_parts(writer, "new");
    plant(folder / "out", "precious");
    EXPECT_EQ(failure_of([&] { writer.commit(); }).code, Errc::file_exists);
    EXPECT_EQ(read_text(folder / "out"), "precious");
}

TEST(WholeFileWriter, ADiskThatFillsUpLeavesTheOldFileAndNoOther) {
    const TempFolder folder;
    plant(folder / "old", "old");
    {
        const FileSizeLimit limit(50'000);
        for (const char* name : {"old", "new"}) {
            WholeFileWriter writer(folder / name, Overwrite::always);
            write_parts(writer, std::string(49'000, 'x'));
            const Failure failure =
                failure_of([&] { write_parts(writer, std::string(9'000, 'x')); });
            EXPECT_EQ(failure.code, Errc::file_unwritable);
            EXPECT_EQ(failure.next_step, "free space or choose another folder");
        }
    }
    EXPECT_EQ(read_text(folder / "old"), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"old"});
}

TEST(WholeFileWriter, DevicesGetThePartsAsTheyCome) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const std::string text(200'000, 'p');
    auto received = std::async(std::launch::async, [&] { return read_text(pipe); });
    {
        WholeFileWriter writer(pipe, Overwrite::own_files);
        write_parts(writer, text);
        writer.commit();
    }
    EXPECT_EQ(received.get(), text);

    WholeFileWriter full("/dev/full", Overwrite::own_files);
    EXPECT_EQ(failure_of([&] { full.write(bytes_of("x")); }).code, Errc::file_unwritable);
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"pipe"});
}

TEST(WholeFile, PermissionsAreRespected) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "the superuser may write everywhere";
    }
    const TempFolder folder;
    plant(folder / "protected", "old");
    fs::permissions(folder / "protected", fs::perms::owner_read);
    EXPECT_EQ(refusal(folder / "protected", Overwrite::always).code, Errc::file_unwritable);
    EXPECT_EQ(read_text(folder / "protected"), "old");

    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(refusal(folder / "closed/out").code, Errc::file_unwritable);
    EXPECT_EQ(refusal(folder / "closed/deeper/out").code, Errc::file_unwritable);
    EXPECT_TRUE(names_in(folder / "closed").empty());
    fs::permissions(folder / "closed", fs::perms::owner_all);
}

TEST(WholeFile, AFolderWhereNothingCanBeMadeIsAnError) {
    const Failure failure = refusal("/proc/editprep/out");
    EXPECT_EQ(failure.code, Errc::file_unwritable);
    EXPECT_NE(failure.message.find("/proc/editprep/out"), std::string::npos) << failure.message;
}

TEST(WholeFile, NamesMayHoldAnyByte) {
    const TempFolder folder;
    for (const char* name :
         {"\xC3\xBC\x6D\x6C\xE2\x82\xAC.png", "\xFF\xFE odd", " ", "-", "a\nb", "quote'\"$`"}) {
        write_text(folder / name, "new");
        EXPECT_EQ(read_text(folder / name), "new");
    }
    EXPECT_EQ(names_in(folder.path()).size(), 6U);
}

TEST(WholeFile, NamesMayBeAsLongAsTheSystemAllows) {
    const TempFolder folder;
    const std::string longest(255, 'n');
    write_text(folder / longest, "new");
    write_text(folder / longest, "newer", Overwrite::always);
    EXPECT_EQ(read_text(folder / longest), "newer");

    const Failure failure = refusal(folder / (longest + "n"));
    EXPECT_EQ(failure.code, Errc::file_unwritable);
    EXPECT_EQ(failure.next_step, "choose a shorter name");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{longest});
}

TEST(WholeFile, ANameWithAZeroByteIsRefusedInsteadOfCut) {
    const TempFolder folder;
    EXPECT_EQ(refusal(folder / std::string("cut\0off", 7)).code, Errc::file_unwritable);
    EXPECT_TRUE(names_in(folder.path()).empty());
}

}  // namespace
}  // namespace editprep::imaging
