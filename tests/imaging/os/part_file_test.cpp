#include "os/part_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "planted_files.hpp"
#include "temp_folder.hpp"

namespace editprep::os {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::names_in;
using testing::plant;
using testing::read_text;
using testing::TempFolder;
using Naming = PartFile::Naming;

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

std::error_code error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

/// Whether files without a name are to be had where the tests write.
bool has_unnamed_files(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return descriptor >= 0;
}

/// From now on linkat(2) fails so for the calling thread. False where that is not to be had.
bool refuse_links(int error) {
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_linkat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// Both ways do the same but for what a kill leaves.
class EachPartFile : public ::testing::TestWithParam<Naming> {};

INSTANTIATE_TEST_SUITE_P(Namings, EachPartFile,
                         ::testing::Values(Naming::none_if_possible, Naming::hidden));

TEST_P(EachPartFile, AppearsWhenItIsPublished) {
    const TempFolder folder;
    PartFile file(folder.path(), GetParam());
    file.write(bytes_of("one "));
    file.write({});
    file.write(bytes_of("two"));
    file.flush();
    EXPECT_FALSE(fs::exists(folder / "out"));
    file.publish(folder / "out");
    EXPECT_EQ(read_text(folder / "out"), "one two");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"out"});
}

TEST_P(EachPartFile, HasThePermissionsOfAnyNewFile) {
    const TempFolder folder;
    for (const mode_t mask : {022U, 077U, 002U}) {
        const mode_t before = ::umask(mask);
        PartFile(folder.path(), GetParam()).publish(folder / "out");
        plant(folder / "plain", "");
        ::umask(before);
        EXPECT_EQ(mode_of(folder / "out"), mode_of(folder / "plain"));
        fs::remove(folder / "out");
        fs::remove(folder / "plain");
    }
}

TEST_P(EachPartFile, DoesNotTakeANameThatIsTaken) {
    const TempFolder folder;
    plant(folder / "file", "precious");
    fs::create_symlink("nowhere", folder / "dangling");
    fs::create_directory(folder / "folder");
    for (const char* name : {"file", "dangling", "folder"}) {
        PartFile file(folder.path(), GetParam());
        file.write(bytes_of("new"));
        EXPECT_EQ(error_of([&] { file.publish(folder / name); }), std::errc::file_exists) << name;
    }
    EXPECT_EQ(read_text(folder / "file"), "precious");
    EXPECT_EQ(names_in(folder.path()).size(), 3U);
}

TEST_P(EachPartFile, TakesThePlaceOfAFileWhenAsked) {
    const TempFolder folder;
    plant(folder / "out", "old");
    std::ifstream reader(folder / "out");
    PartFile file(folder.path(), GetParam());
    file.write(bytes_of("new"));
    EXPECT_EQ(read_text(folder / "out"), "old");
    file.publish_over(folder / "out");
    EXPECT_EQ(read_text(folder / "out"), "new");
    // Who had the old one open still reads that.
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"out"});
}

TEST_P(EachPartFile, LeavesNothingWhenItCannotTakeAPlace) {
    const TempFolder folder;
    fs::create_directory(folder / "out");
    plant(folder / "out/inside", "precious");
    {
        PartFile file(folder.path(), GetParam());
        EXPECT_TRUE(error_of([&] { file.publish_over(folder / "out"); }));
        EXPECT_EQ(error_of([&] { file.publish(folder / std::string(256, 'n')); }),
                  std::errc::filename_too_long);
    }
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"out"});
}

TEST_P(EachPartFile, LeavesNothingWhenItIsNotPublished) {
    const TempFolder folder;
    {
        PartFile file(folder.path(), GetParam());
        file.write(bytes_of("gone"));
    }
    EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST_P(EachPartFile, CanBeOpenedOnceMoreByItsPath) {
    const TempFolder folder;
    PartFile file(folder.path(), GetParam());
    file.write(bytes_of("longer than what follows"));
    plant(file.path(), "by path");
    EXPECT_EQ(read_text(file.path()), "by path");
    file.publish(folder / "out");
    EXPECT_EQ(read_text(folder / "out"), "by path");
}

TEST_P(EachPartFile, AnEmptyFolderNameMeansTheWorkingFolder) {
    const TempFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    PartFile("", GetParam()).publish("out");
    fs::current_path(before);
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"out"});
}

TEST_P(EachPartFile, SaysWhyThereCanBeNone) {
    const TempFolder folder;
    plant(folder / "file", "");
    EXPECT_EQ(error_of([&] { const PartFile file(folder / "absent", GetParam()); }),
              std::errc::no_such_file_or_directory);
    EXPECT_EQ(error_of([&] { const PartFile file(folder / "file", GetParam()); }),
              std::errc::not_a_directory);
}

TEST(OrRefuse, HandsOverTheReasonOfAFailure) {
    const TempFolder folder;
    std::error_code told;
    const auto tell = [&](const std::error_code& reason) { told = reason; };
    or_refuse([&] { PartFile(folder.path()).publish(folder / "out"); }, tell);
    EXPECT_FALSE(told);
    or_refuse([&] { PartFile(folder.path()).publish(folder / "out"); }, tell);
    EXPECT_EQ(told, std::errc::file_exists);
}

/// What a process leaves in the folder that is killed before it publishes.
std::vector<std::string> left_by_killed_process(const fs::path& folder, Naming naming) {
    int ready[2];
    EXPECT_EQ(::pipe2(ready, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        PartFile file(folder, naming);
        file.write(bytes_of("half a pic"));
        [[maybe_unused]] const ssize_t told = ::write(ready[1], "x", 1);
        for (;;) {
            ::pause();
        }
    }
    ::close(ready[1]);
    char letter = 0;
    EXPECT_EQ(::read(ready[0], &letter, 1), 1);
    ::close(ready[0]);
    ::kill(child, SIGKILL);
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
    return names_in(folder);
}

TEST(PartFile, AKilledProcessLeavesNothing) {
    const TempFolder folder;
    if (!has_unnamed_files(folder.path())) {
        GTEST_SKIP() << "this file system has no files without names";
    }
    EXPECT_TRUE(left_by_killed_process(folder.path(), Naming::none_if_possible).empty());
}

class EachRefusal : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Errors, EachRefusal, ::testing::Values(EPERM, EXDEV, ENOENT));

TEST_P(EachRefusal, ToNameAnUnnamedFileLosesNothing) {
    const TempFolder folder;
    plant(folder / "taken", "old");
    const std::string text((1U << 20) + 7, 'x');  // more than goes in one piece
    const auto publish = [&](const char* name, bool over) {
        PartFile file(folder.path());
        file.write(bytes_of(text));
        EXPECT_EQ(::fchmod(file.descriptor(), 0640), 0);
        if (over) {
            file.publish_over(folder / name);
        } else {
            file.publish(folder / name);
        }
    };
    bool refused = false;
    std::thread([&] {
        refused = refuse_links(GetParam());
        if (refused) {
            publish("new", false);
            publish("replaced", true);
            EXPECT_EQ(error_of([&] { publish("taken", false); }), std::errc::file_exists);
        }
    }).join();
    if (!refused) {
        GTEST_SKIP() << "system calls cannot be made to fail here";
    }
    for (const char* name : {"new", "replaced"}) {
        EXPECT_EQ(read_text(folder / name), text) << name;
        EXPECT_EQ(mode_of(folder / name), 0640U) << name;
    }
    EXPECT_EQ(read_text(folder / "taken"), "old");
    EXPECT_EQ(names_in(folder.path()).size(), 3U);
}

TEST(PartFile, AFullDiskIsNoReasonForACopy) {
    const TempFolder folder;
    bool refused = false;
    std::thread([&] {
        refused = has_unnamed_files(folder.path()) && refuse_links(ENOSPC);
        if (refused) {
            PartFile file(folder.path());
            EXPECT_EQ(error_of([&] { file.publish(folder / "out"); }),
                      std::errc::no_space_on_device);
            EXPECT_EQ(error_of([&] { file.publish_over(folder / "out"); }),
                      std::errc::no_space_on_device);
        }
    }).join();
    if (!refused) {
        GTEST_SKIP() << "neither files without names nor failing system calls are to be had";
    }
    EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(PartFile, WhatAKilledProcessLeavesElsewhereIsHidden) {
    const TempFolder folder;
    const auto left = left_by_killed_process(folder.path(), Naming::hidden);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].starts_with(".editprep-")) << left[0];
}

}  // namespace
}  // namespace editprep::os
