# Installs BUILD_TREE, moves the installation, builds consumer/ against it and selects the object in
# each of PICTURES. A GIF among them needs the module editprep_vips, so it proves that a program
# elsewhere finds the module in the moved installation; the installed command shows the same for
# programs inside it.

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
run(
    "${CMAKE_COMMAND}" --install "${BUILD_TREE}"
    --config "${CONFIG}" --prefix "${WORK}/first place"
)
file(RENAME "${WORK}/first place" "${WORK}/second place")

run(
    "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${WORK}/build" -G "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${WORK}/second place" "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
    "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}"
)
run("${CMAKE_COMMAND}" --build "${WORK}/build" --config "${CONFIG}")

find_program(
    program select_object
    PATHS "${WORK}/build" "${WORK}/build/${CONFIG}"
    NO_DEFAULT_PATH REQUIRED
)
# The sanitizer's dlopen stands between a program and the loader, which then does not see the
# program's RUNPATH.
set(own_pictures ${PICTURES})
if(CXX_FLAGS MATCHES "-fsanitize")
    list(FILTER own_pictures EXCLUDE REGEX "gif$")
endif()
foreach(picture IN LISTS own_pictures)
    cmake_path(GET picture STEM name)
    set(mask "${WORK}/${name}_mask.png")
    execute_process(
        COMMAND "${program}" "${picture}" "${mask}"
        COMMAND_ECHO STDOUT
        OUTPUT_VARIABLE output
        ECHO_OUTPUT_VARIABLE
        COMMAND_ERROR_IS_FATAL ANY
    )
    # The objects fill between a tenth and two thirds of the pictures.
    if(NOT output MATCHES "^(0\\.[0-9]+) of the picture is selected")
        message(FATAL_ERROR "${picture}: unexpected output")
    endif()
    if(CMAKE_MATCH_1 LESS 0.1 OR CMAKE_MATCH_1 GREATER 0.66 OR NOT EXISTS "${mask}")
        message(FATAL_ERROR "${picture}: no object was selected")
    endif()
endforeach()

set(command "${WORK}/second place/bin/prepare_object_mask")
if(EXISTS "${command}")
    foreach(picture IN LISTS PICTURES)
        run("${command}" --image "${picture}" --out "${WORK}/command_mask.png" --overwrite)
    endforeach()
endif()
