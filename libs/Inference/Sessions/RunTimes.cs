namespace Serverless.Inference.Sessions;

/// <summary>Where the time of a run went: filling tensors, inside ONNX Runtime, reading the outputs.</summary>
internal readonly record struct RunTimes(TimeSpan Input, TimeSpan Infer, TimeSpan Output)
{
    public static RunTimes operator +(RunTimes a, RunTimes b) => new(a.Input + b.Input, a.Infer + b.Infer, a.Output + b.Output);
}
