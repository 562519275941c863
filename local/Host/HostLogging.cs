using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Serverless.Local.Host.Settings;

namespace Serverless.Local.Host;

/// <summary>The console's log: one line an entry, UTC, at the levels that host.json sets.</summary>
internal static class HostLogging
{
    public static ILoggerFactory Create(IConfiguration configuration) =>
        LoggerFactory.Create(logging =>
        {
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what fails at start is said in one line
            logging.AddFilter("Host.Results", LogLevel.None); // says again what the function's own category said
            logging.AddConfiguration(configuration.GetSection($"{HostFile.Section}:logging"));
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        });
}
