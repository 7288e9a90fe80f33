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

# build_consumer(<folder> <program>): sets <program> to the path of what was built.
function(build_consumer folder program)
    run(
        "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/${folder}" -B "${WORK}/${folder}"
        -G "${GENERATOR}"
        "-DCMAKE_PREFIX_PATH=${WORK}/second place" "-DCMAKE_BUILD_TYPE=${CONFIG}"
        "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
        "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}"
    )
    run("${CMAKE_COMMAND}" --build "${WORK}/${folder}" --config "${CONFIG}")
    find_program(
        path_of_${program} ${program}
        PATHS "${WORK}/${folder}" "${WORK}/${folder}/${CONFIG}"
        NO_DEFAULT_PATH REQUIRED
    )
    set(${program} "${path_of_${program}}" PARENT_SCOPE)
endfunction()

build_consumer(consumer select_object)
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
        COMMAND "${select_object}" "${picture}" "${mask}"
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

# FFmpeg's modules are found by the same way, so that not under the sanitizer either.
set(video_targets "${WORK}/second place/lib*/cmake/editprep/editprep-video-targets.cmake")
file(GLOB video_targets "${video_targets}" "${WORK}/second place/lib/*/cmake/editprep/editprep-video-targets.cmake")
if(video_targets)
    build_consumer(clip_consumer check_clip)
endif()
if(video_targets AND NOT CXX_FLAGS MATCHES "-fsanitize")
    execute_process(
        COMMAND "${check_clip}" "${WORK}/pattern.mp4"
        OUTPUT_VARIABLE findings
        ECHO_OUTPUT_VARIABLE
        COMMAND_ERROR_IS_FATAL ANY
    )
    if(NOT findings MATCHES "2(\\.[0-9]+)? s" OR NOT findings MATCHES "at least 3 s")
        message(FATAL_ERROR "the clip of two seconds was not refused for its length")
    endif()
endif()
