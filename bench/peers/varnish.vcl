vcl 4.1;

# In front of Flask: what many would do. A page may be a second old, which the service's never is.
backend flask {
  .host = "127.0.0.1";
  .port = "@FLASK_PORT@";
}

sub vcl_backend_response {
  set beresp.ttl = 1s;
  set beresp.grace = 0s;
}
