namespace Serverless.Media.Shots;

/// <summary>Frames between two cuts. The end is the start of the next shot, or of the film's end.</summary>
public sealed record Shot(int Index, TimeSpan Start, TimeSpan End, Keyframe Keyframe);
