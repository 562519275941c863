using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>Hands a job to gpu-batch. Its key is the job id: a worker that meets the same job again answers from what is written.</summary>
public sealed class EnqueueGpuJob([FromKeyedServices(AssetLayout.GpuJobsQueue)] AzureWorkQueue jobs)
{
    [Function(nameof(EnqueueGpuJob))]
    public Task RunAsync([ActivityTrigger] GpuJobMessage job, CancellationToken cancellationToken) =>
        jobs.SendAsync(job.JobId, AssetsJson.Write(job with { TraceParent = Activity.Current?.Id }), cancellationToken);
}
