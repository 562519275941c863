using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Models;

/// <summary>What a request to register says beside the package itself.</summary>
/// <param name="From">An archive (.zip, .tar.gz) or a folder of the store, in requests that bring no archive.</param>
/// <param name="Store">The registry's own where none is named.</param>
internal sealed record RegistrationBody(
    [Required] string? From,
    string? Store,
    string? Licence,
    Dictionary<string, double>? Metrics,
    ModelLineage? Lineage
)
{
    public Registration For(string name, string by) =>
        new(name, by)
        {
            Licence = Licence,
            Metrics = Metrics ?? [],
            Lineage = Lineage ?? new ModelLineage(),
        };
}

internal static class RegistrationReader
{
    private const string MetricPrefix = "metric.";
    private const int MaxChars = 1_000;

    /// <summary>From the query: an archive fills the body.</summary>
    public static RegistrationBody ReadRegistration(this HttpRequest request) =>
        new(
            From: null,
            Store: null,
            request.ReadText("licence", MaxChars),
            request
                .Query.Where(p => p.Key.StartsWith(MetricPrefix, StringComparison.Ordinal))
                .ToDictionary(p => p.Key[MetricPrefix.Length..], p => Number(p.Key, p.Value)),
            new ModelLineage
            {
                TrainingRun = request.ReadText("trainingRun", MaxChars),
                DataDigest = request.ReadText("dataDigest", MaxChars),
                CodeCommit = request.ReadText("codeCommit", MaxChars),
                BaseModel = request.ReadText("baseModel", MaxChars),
            }
        );

    private static double Number(string key, string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw RequestProblem.BadRequest($"{key} is '{text}'; allowed are numbers.");
}
