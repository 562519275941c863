namespace Serverless.Exports;

/// <summary>
/// The object <c>exports/{name}/{version}/removed.json</c>: that the rows of an export are gone, and why. Holds nothing of them.
/// </summary>
/// <param name="Asset">That was erased; null where somebody removed the export.</param>
/// <param name="Sha256">Of the rows that were.</param>
public sealed record ExportRemoval(
    string Name,
    string Version,
    string? Asset,
    string By,
    string Reason,
    DateTimeOffset At,
    string Sha256,
    int Rows
);
