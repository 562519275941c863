using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Ingest.Documents;

namespace Serverless.Functions.Azure.Assets;

/// <summary>The published schema of analysis documents, for whoever reads them.</summary>
public sealed class SchemaFunction
{
    [Function("AnalysisSchema")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "schemas/analysis")] HttpRequest request) =>
        Results.Stream(AnalysisSchema.Open(), AnalysisSchema.MediaType);
}
