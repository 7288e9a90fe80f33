#include <gtest/gtest.h>

#include "editprep/transport/http.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    // This program does not lie beside the commands, so it has to say where the modules are.
    editprep::transport::set_module_folder(EDITPREP_MODULE_FOLDER);
    return RUN_ALL_TESTS();
}
