using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// Hands a job to gpu-batch, and answers with it: the engine keeps what an activity answered in the history of the run, but not what it
/// was asked, and whoever sends the job again reads it there. Its key is the job id: a worker that meets the same job again answers from
/// what is written.
/// </summary>
public sealed class EnqueueGpuJob([FromKeyedServices(AssetLayout.GpuJobsQueue)] AzureWorkQueue jobs)
{
    [Function(nameof(EnqueueGpuJob))]
    public async Task<GpuJobMessage> RunAsync([ActivityTrigger] GpuJobMessage job, CancellationToken cancellationToken)
    {
        GpuJobMessage sent = job with { TraceParent = Activity.Current?.Id };
        await jobs.SendAsync(job.JobId, AssetsJson.Write(sent), cancellationToken);
        return sent;
    }
}
