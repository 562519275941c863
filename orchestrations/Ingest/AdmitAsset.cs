using Microsoft.Azure.Functions.Worker;
using Serverless.Ingest.Steps;

namespace Serverless.Orchestrations.Ingest;

/// <summary>Enters a version in the ledger and decides where it goes. Its key is the source and the run.</summary>
public sealed class AdmitAsset(AssetAdmission admission)
{
    [Function(nameof(AdmitAsset))]
    public Task<Admission> RunAsync([ActivityTrigger] IngestInput input, CancellationToken cancellationToken) =>
        admission.AdmitAsync(input.Source, input.Run, cancellationToken);
}
