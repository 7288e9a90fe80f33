#include "tools/remote/key_guard.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "remote_support.hpp"

namespace editprep::tools {
namespace {

TEST(KeyGuard, HidesTheKeyAndItsSecretHalf) {
    KeyGuard guard;
    guard.hide(transport::Secret("uuid-1:canary_secret"));
    EXPECT_EQ(guard.without_keys("Key uuid-1:canary_secret, canary_secret; uuid-1"),
              "Key ***, ***; uuid-1");
}

TEST(KeyGuard, LeavesWordsThatAKeyIsTooShortFor) {
    KeyGuard guard;
    guard.hide(transport::Secret("ab:key"));
    EXPECT_EQ(guard.without_keys("the key of ab:key"), "the key of ab:key");
    guard.hide(transport::Secret(""));
    EXPECT_EQ(guard.without_keys("text"), "text");
}

TEST(KeyGuard, WatchesBothStreams) {
    Printed printed;
    KeyGuard guard;
    const Context watched = guard.watch(printed.context());
    watched.out("canary_secret\n");
    guard.hide(transport::Secret("canary_secret"));
    watched.out("{\"echo\":\"canary_secret\"}");
    watched.err("ERROR: canary_secret");
    EXPECT_EQ(printed.out, "canary_secret\n{\"echo\":\"***\"}");
    EXPECT_EQ(printed.err, "ERROR: ***");
}

TEST(KeyGuard, LeavesToACommandWhetherItIsAlone) {
    Printed printed;
    const KeyGuard guard;
    Context context = printed.context();
    EXPECT_TRUE(guard.watch(context).interactive);
    context.interactive = false;
    EXPECT_FALSE(guard.watch(context).interactive);
}

TEST(KeyGuard, HidesKeysThatComeWhileOthersPrint) {
    KeyGuard guard;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&guard, i] {
            for (int k = 0; k < 50; ++k) {
                const std::string key = "canary-" + std::to_string(i) + '-' + std::to_string(k);
                guard.hide(transport::Secret(key + ':' + key + "-secret"));
                EXPECT_EQ(guard.without_keys("a " + key + "-secret b"), "a *** b");
            }
        });
    }
}

}  // namespace
}  // namespace editprep::tools
