# Untested: nothing here could build an image. Unpack the archive that `./mvnw package` leaves in
# eval/target, and build in its folder:
#   docker build -t diagonal . && docker run --rm -v "$PWD:/data" diagonal compare
FROM eclipse-temurin:17-jre
COPY . /opt/diagonal
# Models, token ids and unpacked libraries stay with the results.
ENV DIAGONAL_CACHE=/data/cache DJL_CACHE_DIR=/data/cache/native
WORKDIR /data
ENTRYPOINT ["/opt/diagonal/diagonal"]
