FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Compiled for this machine beforehand: the server starts in half the time.
RUN dotnet publish src/SmartCity.Server -o /app --use-current-runtime --no-self-contained -p:PublishReadyToRun=true \
    && dotnet publish src/SmartCity.Cli -o /cli --use-current-runtime --no-self-contained -p:PublishReadyToRun=true

# docker build --target simulator .
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS simulator
COPY --from=build /app/simulator /app
USER app
ENTRYPOINT ["dotnet", "/app/SmartCity.Simulator.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS server
WORKDIR /app
COPY --from=build /app .
COPY --from=build /cli /cli
RUN ln -s /cli/smartcity /usr/local/bin/smartcity && mkdir /data && chown app /data
USER app
VOLUME /data
ENTRYPOINT ["dotnet", "SmartCity.Server.dll"]
