# The program and the project that the README shows are those of consumer/, which is built and run.
file(READ "${README}" readme)
foreach(name IN ITEMS select_object.cpp CMakeLists.txt)
    file(READ "${CMAKE_CURRENT_LIST_DIR}/consumer/${name}" code)
    # The README leaves out the comment at the top.
    string(REGEX REPLACE "^(#[^\n]*\n)+cmake" "cmake" code "${code}")
    string(FIND "${readme}" "${code}" place)
    if(place EQUAL -1)
        message(FATAL_ERROR "README.md does not show consumer/${name} as it is")
    endif()
endforeach()
