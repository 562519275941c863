using System.Runtime.ExceptionServices;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Worker;

namespace Serverless.Local.Host.Functions;

/// <summary>
/// A function that runs into its timeout costs the worker, as in the real host: nothing else ends it. A fault of the job host itself,
/// such as a lease that cannot be renewed, ends the process, which is started again from outside.
/// </summary>
internal sealed class JobHostExceptionHandler(WorkerSupervisor workers, HostFault fault, ILogger<JobHostExceptionHandler> logger)
    : IWebJobsExceptionHandler
{
    public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod)
    {
        Log.FunctionTimedOut(logger, exceptionInfo.SourceException.Message);
        if (exceptionInfo.SourceException is FunctionTimeoutException timeout)
        {
            workers.Abandon(timeout.InstanceId);
        }
        return Task.CompletedTask;
    }

    public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
    {
        Log.HostFailed(logger, exceptionInfo.SourceException.Message);
        fault.Raise(exceptionInfo.SourceException);
        return Task.CompletedTask;
    }
}
