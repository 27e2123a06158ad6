'use strict';

// npm run setup: what every other command does first by itself.
const { setUp } = require('.');
const { main } = require('./problem');
const { Progress } = require('./progress');

main(() => setUp(new Progress()));
