# The program onepass and its Python package on Debian 12:
#   docker build -t onepass .
#   docker run --rm -v "$PWD:/data" onepass track --source street.mp4 --model yolov8n.pt --save-mot street.txt
FROM debian:12 AS build
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /onepass
COPY tools/setup.sh tools/setup.sh
RUN bash tools/setup.sh build
COPY . .
RUN cmake --preset release -DONEPASS_BUILD_TESTS=OFF
RUN cmake --build --preset release
RUN cd build/release && cpack -G DEB

FROM debian:12
ENV DEBIAN_FRONTEND=noninteractive
COPY --from=build /onepass/build/release/packages /packages
RUN apt-get update && \
    apt-get install -y --no-install-recommends /packages/onepass_*.deb /packages/python3-onepass_*.deb && \
    rm -rf /packages /var/lib/apt/lists/*
WORKDIR /data
ENTRYPOINT ["onepass"]
CMD ["--help"]
