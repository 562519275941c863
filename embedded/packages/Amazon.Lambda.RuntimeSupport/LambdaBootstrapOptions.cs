namespace Amazon.Lambda.RuntimeSupport.Bootstrap;

public class LambdaBootstrapOptions
{
    /// <summary>Host and port of a Lambda Runtime API; the variable AWS_LAMBDA_RUNTIME_API says it otherwise.</summary>
    public string RuntimeApiEndpoint { get; set; }
}
