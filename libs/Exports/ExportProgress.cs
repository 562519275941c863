namespace Serverless.Exports;

/// <summary>How far an export has come.</summary>
/// <param name="Hours">Of the window and of the feedback after it.</param>
/// <param name="HoursRead">Of those.</param>
/// <param name="Rows">Written to the file.</param>
public sealed record ExportProgress(int Hours, int HoursRead, int Rows);
