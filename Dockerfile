# Untested: nothing here could build an image. Unpack the archive that `./mvnw package` leaves in
# eval/target, and build in its folder:
#   docker build -t diagonal . && docker run --rm -v "$PWD/work:/work" diagonal compare
FROM eclipse-temurin:17-jre
COPY . /opt/diagonal
# Models, token ids and unpacked libraries stay with the results.
ENV DIAGONAL_CACHE=/work/cache DJL_CACHE_DIR=/work/cache/native
WORKDIR /work
ENTRYPOINT ["/opt/diagonal/diagonal"]
