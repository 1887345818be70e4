# Two images: docker build --target collector . and docker build --target aggregator .
# Pin the base images by digest where you build: a tag moves.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# The linker and the C library's headers, for ahead-of-time compilation.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY protos/ protos/
COPY src/ src/

FROM build AS collector-build
RUN dotnet publish src/Observability.Collector -c Release --use-current-runtime -o /out/collector

FROM build AS aggregator-build
RUN dotnet publish src/Observability.Aggregator -c Release -o /out/aggregator

# One native binary on the C library and OpenSSL: no shell, no package manager, no runtime.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled AS collector
COPY --from=collector-build /out/collector/Observability.Collector /app/collector
USER 1654:1654
ENTRYPOINT ["/app/collector"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS aggregator
COPY --from=aggregator-build /out/aggregator/ /app/
# No diagnostics socket: whoever reaches it reads the process's memory. It would also need a writable /tmp.
ENV DOTNET_EnableDiagnostics=0
USER 1654:1654
WORKDIR /app
ENTRYPOINT ["dotnet", "/app/Observability.Aggregator.dll"]
