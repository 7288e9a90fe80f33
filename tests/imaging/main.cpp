#include <gtest/gtest.h>

#include "editprep/imaging/image_file.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    // This program does not lie beside the commands, so it has to say where the modules are.
    editprep::imaging::set_module_folder(EDITPREP_MODULE_FOLDER);
    return RUN_ALL_TESTS();
}
