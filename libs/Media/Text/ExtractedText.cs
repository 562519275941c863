namespace Serverless.Media.Text;

/// <summary>What an extractor makes of an original.</summary>
internal sealed record ExtractedText(string Text, TextMap Map, IReadOnlyList<string> Warnings);
