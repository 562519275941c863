using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.StorageLog;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>Everything around a Lambda handler on one machine: bucket, notification, queue, event source mapping.</summary>
internal static class LambdaHost
{
    /// <summary>Runs as the environment says, until the process is asked to stop.</summary>
    public static async Task RunAsync(LambdaHandler handler, CancellationToken cancellationToken)
    {
        IConfiguration settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        LambdaOptions options = LambdaOptions.Read(settings);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await RunAsync(options, handler, new EventFaults(settings), TimeProvider.System, loggers.CreateLogger("Lambda"), stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    public static async Task RunAsync(
        LambdaOptions options, LambdaHandler handler, EventFaults faults, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        using MessageQueue queue = MessageQueue.Open(options, time);
        Wakeup work = new(time);
        using BucketWatcher watcher = new(options, queue, work, time, logger);
        LambdaRunner runner = new(options, queue, work, handler, faults, time, logger);
        logger.Watching(options.Bucket, options.ServiceUrl, options.Prefix, options.FunctionName);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using AccessLog? log = options.AccessLog is { } path ? new(path, time, logger) : null;
        log?.Subscribe(watcher.Observe);
        Task watching = watcher.RunAsync(stop.Token);
        Task running = runner.RunAsync(stop.Token);
        // Neither ends but when it is told to, or by a fault that the process must not survive.
        await Task.WhenAny(running, watching);
        await stop.CancelAsync();
        await running;
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (watching.IsFaulted)
            await watching;
    }
}
