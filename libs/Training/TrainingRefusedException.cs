namespace Serverless.Training;

/// <summary>Nothing can be learnt from what was given; the message says what was found and what is needed.</summary>
public sealed class TrainingRefusedException(string message) : Exception(message);
