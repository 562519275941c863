namespace Serverless.Ingest.Documents;

/// <summary>The published JSON schema (draft 2020-12) of <see cref="AnalysisDocument"/>.</summary>
public static class AnalysisSchema
{
    public const string MediaType = "application/schema+json";

    public static Stream Open() =>
        typeof(AnalysisSchema).Assembly.GetManifestResourceStream("analysis.schema.json")
        ?? throw new InvalidOperationException("The analysis schema is missing from its assembly: report this build.");
}
